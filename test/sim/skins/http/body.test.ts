import { fc, test as property } from '@fast-check/vitest'
import { expect } from 'vitest'
import { ArrivingBody } from '../../../../sim/skins/http/body.ts'

const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 200 })

property.prop([pieces, fc.boolean()])(
  'a body has its pieces in their order, in at most twice its length, or in the length that it declares',
  (all, isDeclared) => {
    const whole = Buffer.concat(all)
    const body = new ArrivingBody(isDeclared ? whole.length : Infinity)
    for (const piece of all) {
      body.add(Buffer.from(piece))
      expect(body.held).toBeLessThanOrEqual(isDeclared ? whole.length : 2 * body.size)
    }
    expect(body.size).toBe(whole.length)
    expect(body.take()).toEqual(whole)
    expect(body.held).toBe(0)
  },
)
