import { afterEach, expect, test } from 'vitest'
import { control } from '../../sim/control/control.ts'
import { mock } from '../../sim/mock/mock.ts'
import { serve } from '../../sim/skins/http/server.ts'
import { type WallTimeline, wallTimeline } from '../../sim/time/wall-timeline.ts'

const open: { stop(): unknown }[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.stop()
})

const minute = 60_000

/** A served mock with a limit of one request a minute, whose clock moves only when the test advances it. */
async function served() {
  const timeline: WallTimeline = wallTimeline({ speed: 0 })
  const made = mock({ timeline, limits: { m: [{ rule: 'rpm', limit: 1, window: minute }] } })
  const server = await serve(made, { control: control(made) })
  open.push({ stop: () => server.close(0) }, timeline)
  const url = (path: string) => `${server.origin}${path}`
  const post = (path: string, body: unknown, headers = {}) =>
    fetch(url(path), { method: 'POST', headers, body: JSON.stringify(body) })
  const chat = () =>
    post(
      '/compatible-mode/v1/chat/completions',
      { model: 'm', messages: [{ role: 'user', content: 'Hello' }] },
      { authorization: 'Bearer sk-ratelab' },
    )
  return { timeline, url, post, chat, server }
}

test('the journal names the window that denied a request, and the instant from which it is admitted', async () => {
  const { url, post, chat } = await served()
  const first = chat()
  const isServed = async () => ((await (await fetch(url('/_ratelab/healthz'))).json()) as { inFlight: number }).inFlight
  while ((await isServed()) === 0);
  const denied = await chat()
  await post('/_ratelab/clock', { advance: 30_000 })
  expect((await first).status).toBe(200)
  expect(denied.status).toBe(429)
  const id = denied.headers.get('x-request-id')
  const { entries } = (await (await fetch(url(`/_ratelab/journal?id=${id}`))).json()) as {
    entries: { denial: { rule: string; admitsAfterMs: number }; why: string }[]
  }
  expect(entries[0]!.denial).toMatchObject({ rule: 'rpm', admitsAfterMs: minute })
  await post('/_ratelab/clock', { advance: entries[0]!.denial.admitsAfterMs - 30_000 })
  const again = chat()
  const settled = await Promise.race([again, fetch(url('/_ratelab/healthz')).then(() => 'under way')])
  expect(settled).toBe('under way')
  await post('/_ratelab/clock', { advance: 30_000 })
  expect((await again).status).toBe(200)
})

test('the control plane does not handle the paths of the wire, and does not change the process’s Response', async () => {
  const { url } = await served()
  const before = globalThis.Response
  for (const path of ['/', '/_ratelabs', '/_ratelab-x/state']) expect((await fetch(url(path))).status).toBe(404)
  const reply = await fetch(url('/_ratelab/metrics'))
  expect(reply.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(await reply.text()).toMatch(/^# HELP ratelab_requests_total .*\n# TYPE ratelab_requests_total counter\n/)
  expect(globalThis.Response).toBe(before)
})

test('an endless body is cut off', async () => {
  const { url } = await served()
  const body = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
  })
  const asked = fetch(url('/_ratelab/reset'), { method: 'POST', body, duplex: 'half' } as RequestInit)
  const status = await asked.then(
    (reply) => reply.status,
    () => 413,
  )
  expect(status).toBe(413)
  expect((await fetch(url('/_ratelab/healthz'))).status).toBe(200)
})

test('requests without a body and of unknown length are accepted', async () => {
  const { url } = await served()
  const faults = async () => ((await (await fetch(url('/_ratelab/state'))).json()) as { faults: object[] }).faults
  const plan = JSON.stringify({ faults: [{ when: 'always', do: { capacity: true } }] })
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(plan))
      controller.close()
    },
  })
  const chunked = await fetch(url('/_ratelab/faults'), { method: 'POST', body, duplex: 'half' } as RequestInit)
  expect(chunked.status).toBe(200)
  expect(await faults()).toHaveLength(1)
  expect((await fetch(url('/_ratelab/faults'), { method: 'DELETE' })).status).toBe(200)
  expect(await faults()).toEqual([])
  expect((await fetch(url('/_ratelab/journal'), { method: 'DELETE' })).status).toBe(200)
})
