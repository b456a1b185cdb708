import { describe, expect, it } from 'vitest'
import { storedConfiguration } from '../../../src/configuration/stored.ts'
import { planOf, plansAnything } from '../../../src/docket/timers/plan.ts'
import type { JsonObject } from '../../../src/lib/json.ts'

const now = Date.parse('2026-11-24T15:00:00Z')
const url = 'https://docketed.example/in/smith'
const connection = '5a1d7c1e-6a0e-4f5c-9d4e-0f6f1a2b3c4d'
const google = { source: 'google-calendar', secret: '$TOKEN', connection }

const configured = (endpoints: JsonObject, timezone = 'America/New_York') =>
  storedConfiguration({ timezone, country: 'US', endpoints, rules: [] })
const plan = (endpoints: JsonObject, timezone?: string) =>
  planOf(configured(endpoints, timezone), now).map(({ kind, endpoint, name, dueAt }) => [
    kind,
    endpoint,
    name,
    dueAt === null ? null : new Date(dueAt).toISOString(),
  ])

describe('the plan of a configuration', () => {
  it('has a tick for each schedule, on the clock of the firm', () => {
    const endpoints = { mail: { source: 'schedule', cron: '0 9 * * *' } }
    expect(plan(endpoints)).toEqual([['tick', 'mail', '', '2026-11-25T14:00:00.000Z']])
    expect(plan(endpoints, 'Europe/London')).toEqual([['tick', 'mail', '', '2026-11-25T09:00:00.000Z']])
  })

  it('has a renewal for each subscription and a poll where the source polls, both due at once', () => {
    const at = new Date(now).toISOString()
    expect(plan({ calendar: { ...google, url: `${url}/calendar` } })).toEqual([
      ['renewal', 'calendar', 'channel', at],
      ['poll', 'calendar', '', at],
    ])
    const watch = { matter: '$MATTERS', contact: '$CONTACTS' }
    expect(plan({ clio: { source: 'clio', secret: '$ADDRESS', url: `${url}/clio`, watch } })).toEqual([
      ['renewal', 'clio', 'matter', at],
      ['renewal', 'clio', 'contact', at],
    ])
  })

  it('only polls what has no address to be told at', () => {
    expect(plan({ calendar: google }).map(([kind]) => kind)).toEqual(['poll'])
  })

  it('leaves out what was stored once and no longer fits', () => {
    const endpoints = { old: { source: 'schedule', cron: 'whenever' }, mail: { source: 'schedule', cron: '0 9 * * *' } }
    expect(plan(endpoints).map(([, endpoint]) => endpoint)).toEqual(['mail'])
  })

  it('is empty without any of these', () => {
    const endpoints = { website: { source: 'form' }, calendly: { source: 'calendly', secret: '$KEY', reminders: [] } }
    expect(plan(endpoints)).toEqual([])
    expect(plansAnything(configured(endpoints))).toBe(false)
    expect(plansAnything(configured({ calendar: google }))).toBe(true)
  })

  it('tells what each was made for: reminders are of no concern to a subscription, its calendar is', () => {
    const madeFor = (more: JsonObject) => planOf(configured({ calendar: { ...google, ...more } }), now)[0]!.madeFor
    expect(madeFor({ reminders: ['2 hours before'] })).toBe(madeFor({}))
    expect(madeFor({ calendar: 'intake@smith.example' })).not.toBe(madeFor({}))
  })
})
