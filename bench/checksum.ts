/** A number of a text; sums of them tell whether two sides saw the same texts equally often. */
export function checksum(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h >>> 0
}
