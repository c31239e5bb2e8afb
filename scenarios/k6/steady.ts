import { check } from 'k6'
import http from 'k6/http'
import type { Options } from 'k6/options'
import { settings } from './settings.ts'

const { baseUrl, key, model, speed } = settings

/** Requests per second of the mock's time: 55 % of the article's limit of 10. */
const perSecond = 5.5
/** Requests per 10 s of real time, for `each` per second of the mock's. k6 takes whole numbers only. */
const rate = (each: number) => Math.round(each * speed * 10)

// A plain load test, as a k6 user would write it, without a strategy and with thresholds that fail the run. It warms up, since the
// provider denies a rate that grows too quickly. Each stage is written in the mock's time and divided by the speed.
export const options: Options = {
  scenarios: {
    steady: {
      executor: 'ramping-arrival-rate',
      startRate: rate(1),
      timeUnit: '10s',
      stages: [
        { target: rate(perSecond), duration: `${Math.ceil(40_000 / speed)}ms` },
        { target: rate(perSecond), duration: `${Math.ceil(60_000 / speed)}ms` },
      ],
      preAllocatedVUs: 50,
      maxVUs: 200,
    },
  },
  thresholds: {
    http_req_failed: ['rate<0.01'],
    http_req_duration: [`p(95)<${10_000 / speed}`],
    checks: ['rate>0.99'],
  },
}

export default function steady(): void {
  const body = JSON.stringify({ model, max_tokens: 256, messages: [{ role: 'user', content: 'Why is the sky blue?' }] })
  const reply = http.post(`${baseUrl}/chat/completions`, body, {
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
  })
  check(reply, {
    'status is 200': ({ status }) => status === 200,
    'the answer has text': (each) => String(each.json('choices.0.message.content')).length > 0,
  })
}
