import { describe, expect, it } from 'vitest'
import { cameIn } from '../../src/console/parts/came-in.ts'
import type { InboundEvent } from '../../src/model/event.ts'

const event: InboundEvent = {
  id: 'evt_1',
  source: 'calendly',
  type: 'booking.created',
  subject: 'b-1',
  follows: null,
  time: null,
  data: {},
  fields: { 'First name': 'Ada', Nickname: 'Countess', Phone: '' },
  person: { first_name: 'Ada', last_name: null, email: null, phone: null, company: null },
  message: null,
  recognized: { first_name: 'First name', phone: 'Nickname' },
  files: [],
  booking: {
    id: 'b-1',
    title: 'Consultation',
    start: '2026-12-04T10:00:00-05:00',
    end: '2026-12-05',
    timezone: null,
    location: null,
    all_day: false,
    seconds: 1800,
  },
}
const shown = (one: InboundEvent, revealed: boolean) =>
  String(cameIn(one, { stats: null, sandbox: null, now: Date.parse('2026-11-27T12:00:00Z') }, revealed))

describe('what came in', () => {
  it('says when a booking is as the firm’s clocks show it, and as it was sent; a day is a day', () => {
    const page = shown(event, true)
    expect(page).toContain('<bdi>4 Dec, 15:00 (2026-12-04T10:00:00-05:00)</bdi>')
    expect(page).toContain('<bdi>2026-12-05</bdi>')
  })

  it('says what an answer was taken for, unless its name says so', () => {
    const page = shown(event, true)
    expect(page).toContain('<dt>First name</dt>')
    expect(page).toContain('<dt>Nickname (taken as phone)</dt>')
  })

  it('says of an empty answer nothing, and masked that there is none', () => {
    expect(shown(event, true)).not.toContain('<dt>Phone</dt>')
    const masked = { ...event, fields: { Phone: '‹text, 0›', Name: '‹text, 3›' } }
    expect(shown(masked, false)).toContain('<dt>Phone</dt><dd><span class="quiet">—</span></dd>')
    expect(shown(masked, false)).toContain('<span class="mask">3 characters</span>')
  })
})
