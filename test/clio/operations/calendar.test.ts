import { describe, expect, it } from 'vitest'
import { markName, subjectName } from '../../../src/clio/compare/found.ts'
import { entryValues } from '../../../src/clio/operations/calendar.ts'
import type { Json, JsonObject } from '../../../src/lib/json.ts'
import { wallClock } from '../../../src/lib/time/time.ts'
import type { Intent } from '../../../src/model/intent.ts'
import { type Firm, startFirm } from '../clio.ts'

const entry = {
  summary: 'Consultation',
  start_at: '2026-11-02T10:00:00-05:00',
  end_at: '2026-11-02T11:00:00-05:00',
  calendar_owner: 'sam@smith.example',
}

const sent = (firm: Firm, method = 'POST'): JsonObject[] =>
  firm.sandbox.ledger.entries
    .filter(one => one.method === method && one.path.startsWith('calendar_entries'))
    .map(one => (one.body as { data: JsonObject }).data)

const made = async (firm: Firm, more: JsonObject = {}): Promise<JsonObject> => {
  await firm.create('calendar_entries', { ...entry, ...more })
  return sent(firm).at(-1)!
}

const update = (id: Json | undefined, values: JsonObject): Intent => ({
  verb: 'update',
  resource: 'calendar_entries',
  id: id ?? null,
  linked: true,
  with: values,
})

describe('an entry', () => {
  it('stands in the calendar of the user who is named, at the moment that is meant', async () => {
    const firm = startFirm()
    const user = firm.sandbox.records().users!.find(each => each.email === 'sam@smith.example')!
    expect(await made(firm)).toMatchObject({
      calendar_owner: { id: user.default_calendar_id },
      start_at: '2026-11-02T15:00:00Z',
      end_at: '2026-11-02T16:00:00Z',
    })
  })

  it('e-mails nobody unless the rule says so, neither when it is made nor when it is changed', async () => {
    const firm = startFirm()
    const attendees = [{ id: firm.idOf('contacts', 'Maria Alvarez'), type: 'Contact' }]
    expect(await made(firm, { attendees })).toMatchObject({ send_email_notification: false, attendees })
    expect(await made(firm, { attendees, send_email_notification: true })).toMatchObject({
      send_email_notification: true,
    })
    const { id } = await firm.create('calendar_entries', entry)
    await firm.done(update(id, { location: 'Court' }))
    await firm.done(update(id, { location: 'Office', send_email_notification: true }))
    expect(sent(firm, 'PATCH')).toEqual([
      { location: 'Court', send_email_notification: false },
      { location: 'Office', send_email_notification: true },
    ])
  })

  it('that says already what it should is not written again for the sake of an e-mail that nobody gets', async () => {
    const firm = startFirm()
    const { id } = await firm.create('calendar_entries', entry)
    await firm.done(update(id, { summary: 'Consultation' }))
    expect(sent(firm, 'PATCH')).toEqual([])
  })

  it('carries the mark of its step, and the subject by which a person finds it', async () => {
    const own = [{ name: 'board', value: '7' }]
    expect((await made(startFirm({ subject: 'booking-7' }), { external_properties: own })).external_properties).toEqual(
      [...own, { name: markName, value: 'run-1/rule/step' }, { name: subjectName, value: 'booking-7' }],
    )
    expect((await made(startFirm())).external_properties).toEqual([{ name: markName, value: 'run-1/rule/step' }])
  })

  it('keeps to the five properties that Clio takes: the mark before the subject', async () => {
    const own = ['a', 'b', 'c', 'd'].map(name => ({ name, value: '1' }))
    const { external_properties: kept } = await made(startFirm({ subject: 'x' }), { external_properties: own })
    expect(kept).toEqual([...own, { name: markName, value: 'run-1/rule/step' }])
  })

  it('recurs as the rule writes it', async () => {
    const recurrence_rule = 'RRULE:FREQ=WEEKLY;COUNT=4'
    expect(await made(startFirm(), { recurrence_rule })).toMatchObject({ recurrence_rule })
  })
})

describe('a matter', () => {
  it('is named at once', async () => {
    const firm = startFirm()
    await made(firm, { matter: '00001-Alvarez' })
    expect(sent(firm)).toMatchObject([{ matter: { id: firm.idOf('matters', '00001-Alvarez') } }])
    expect(sent(firm, 'PATCH')).toEqual([])
  })

  it('that Clio does not take at once is named afterwards; the entry is made once, and nobody is e-mailed', async () => {
    const firm = startFirm({ behaviour: { refuseCalendarMatter: true } })
    const { id } = await firm.create('calendar_entries', { ...entry, matter: '00001-Alvarez' })
    const matter = { id: firm.idOf('matters', '00001-Alvarez') }
    expect(firm.record('calendar_entries', id)).toMatchObject({ matter, summary: 'Consultation' })
    expect(sent(firm, 'PATCH')).toEqual([{ matter, send_email_notification: false }])
    expect(firm.sandbox.account('smith').all('calendar_entries')).toHaveLength(1)
  })
})

describe('an all-day entry', () => {
  it('begins and ends on dates: midnights on the firm’s clock', async () => {
    const dates = { start_at: '2026-11-02', end_at: '2026-11-04' }
    expect(await made(startFirm(), dates)).toMatchObject({
      all_day: true,
      start_at: '2026-11-02T05:00:00Z',
      end_at: '2026-11-04T05:00:00Z',
    })
  })

  it.each([
    ['the same date', { end_at: '2026-11-02' }],
    ['an earlier one', { end_at: '2026-11-01' }],
    ['none', {}],
  ])('lasts one day with %s for its end', (_, end) => {
    const day = { all_day: true, start_at: '2026-11-02', end_at: '2026-11-03' }
    expect(entryValues({ start_at: '2026-11-02', ...end })).toEqual(day)
  })

  it('over the end of a month or a year, and over a change of the clock', async () => {
    expect(entryValues({ start_at: '2026-12-31' })).toMatchObject({ end_at: '2027-01-01' })
    expect(entryValues({ start_at: '2028-02-28' })).toMatchObject({ end_at: '2028-02-29' })
    // The first of November 2026 has 25 hours in New York.
    expect(await made(startFirm(), { start_at: '2026-11-01', end_at: '2026-11-01' })).toMatchObject({
      start_at: '2026-11-01T04:00:00Z',
      end_at: '2026-11-02T05:00:00Z',
    })
  })

  it('is none when the rule says so, or when it has a time', () => {
    expect(entryValues({ start_at: '2026-11-02', end_at: '2026-11-03', all_day: false })).toMatchObject({
      all_day: false,
    })
    expect(entryValues({ start_at: '2026-11-02T00:00:00Z' })).toEqual({ start_at: '2026-11-02T00:00:00Z' })
    expect(entryValues({ summary: 'x' })).toEqual({ summary: 'x' })
  })
})

describe('the clock', () => {
  /** A day before and a day after each change of the year. */
  const around: Record<string, string[]> = {
    'America/New_York': ['2026-03-07', '2026-03-09', '2026-10-31', '2026-11-02'],
    'Europe/London': ['2026-03-28', '2026-03-30', '2026-10-24', '2026-10-26'],
    'Australia/Sydney': ['2026-04-04', '2026-04-06', '2026-10-03', '2026-10-05'],
  }
  const days = Object.entries(around).flatMap(([zone, dates]) => dates.map(date => [zone, date] as const))

  it.each(days)('in %s shows half past nine on %s for a booking at half past nine', async (timezone, date) => {
    const body = await made(startFirm({ timezone }), { start_at: `${date}T09:30`, end_at: `${date}T10:15` })
    expect(wallClock(Date.parse(String(body.start_at)), timezone)).toBe(`${date}T09:30:00`)
    expect(wallClock(Date.parse(String(body.end_at)), timezone)).toBe(`${date}T10:15:00`)
  })

  it.each([
    ['America/New_York', '2026-03-08T01:30:00-05:00', '2026-03-08T03:30:00-04:00', 1],
    ['America/New_York', '2026-11-01T00:30:00-04:00', '2026-11-01T02:30:00-05:00', 3],
    ['Europe/London', '2026-03-29T00:30:00Z', '2026-03-29T02:30:00+01:00', 1],
    ['Australia/Sydney', '2026-04-05T01:30:00+11:00', '2026-04-05T03:30:00+10:00', 3],
  ])('in %s changes under an entry from %s to %s, which lasts %i hours', async (timezone, start, end, hours) => {
    const body = await made(startFirm({ timezone }), { start_at: start, end_at: end })
    expect(Date.parse(String(body.end_at)) - Date.parse(String(body.start_at))).toBe(hours * 3_600_000)
    expect(wallClock(Date.parse(String(body.start_at)), timezone)).toBe(start.slice(0, 19))
    expect(wallClock(Date.parse(String(body.end_at)), timezone)).toBe(end.slice(0, 19))
  })
})
