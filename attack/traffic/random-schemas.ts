import type { Random } from '../../src/ratelab.ts'
import { having, schemaFormat } from './costly-requests.ts'
import { chatOf } from './requests.ts'

/** Bodies of chat requests with schemas, lengths and streams drawn by chance, without end. */
export function* randomSchemaChats(random: Random): Generator<string> {
  for (;;)
    yield chatOf({
      stream: random.next() < 0.7,
      n: 1 + below(4, random),
      stop: Array.from({ length: below(5, random) }, () => 'e'.repeat(1 + below(3, random))),
      ...(random.next() < 0.3 && { max_tokens: 10 ** below(6, random) }),
      response_format: schemaFormat(having(randomSchema(random, 6))),
    })
}

/** A schema that nests at most `depth` levels, whose sizes are powers of ten. */
function randomSchema(random: Random, depth: number): object {
  const size = () => 10 ** below(6, random)
  const kind = depth === 0 ? below(3, random) : below(7, random)
  if (kind === 0) return { type: 'string', minLength: size() }
  if (kind === 1) return { enum: ['x'.repeat(size())] }
  if (kind === 2) return { type: 'integer', minimum: size() }
  const inner = randomSchema(random, depth - 1)
  if (kind === 3) return { type: 'array', items: inner, minItems: size() }
  if (kind === 4) return { anyOf: [inner, randomSchema(random, depth - 1)] }
  if (kind === 5) return { allOf: [inner, randomSchema(random, depth - 1)] }
  return { type: 'object', properties: { a: inner, b: inner }, required: ['a', 'b'] }
}

/** A whole number from 0 to `end`, without `end`. */
function below(end: number, random: Random): number {
  return Math.floor(end * random.next())
}
