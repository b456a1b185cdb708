import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'

const demo = (document: object) => env.KV.put('firm:demo', JSON.stringify({ version: 1, document, secrets: {} }))
const withForm = () => demo({ endpoints: { website: { source: 'form' } } })
const SANDBOX_URL = 'http://127.0.0.1:8788'
const front = async (more: object = { SANDBOX_URL }) => createApp({ ...env, ...more }).request('/')
const html = async (more: object = { SANDBOX_URL }) => (await front(more)).text()

afterEach(() => env.KV.delete('firm:demo'))

describe('the front page', () => {
  it('says what stands here', async () => {
    const answer = await front()
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const page = await answer.text()
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(page).toContain('<title>Docketed</title>')
    expect(page).toContain('each exactly once')
  })

  it('has no form where there is no demonstration firm', async () => {
    expect(await html()).not.toContain('<form')
  })

  it.each([
    [{ endpoints: {} }],
    [{ endpoints: { website: { source: 'slack' } } }],
    [{}],
    [{ endpoints: { contact: { source: 'form' } } }],
  ])('has no form where its form would lead nowhere: %j', async document => {
    await demo(document)
    expect(await html()).not.toContain('<form')
  })

  it('has no form in an installation of its own, though a firm is called demo', async () => {
    await withForm()
    expect(await html({})).not.toContain('<form')
  })

  it('leads to the console', async () => {
    expect(await html()).toContain('href="/console"')
  })

  it('loads nothing but our own files, runs nothing, and cannot be framed', async () => {
    const answer = await front()
    const page = await answer.text()
    const policy = answer.headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'; style-src 'self'; script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(page).not.toMatch(/<script|<style|\son\w+=|\sstyle=|(?:src|href)="(?:https?:)?\/\/(?!127\.0\.0\.1)/)
  })

  it('leads to the sandbox where there is one', async () => {
    expect(await html({})).not.toContain('sandbox')
    expect(await html()).toContain('<a href="http://127.0.0.1:8788/">')
  })

  it.each(['javascript:alert(1)', 'data:text/html,x', 'nonsense', ''])('does not lead to %j', async SANDBOX_URL => {
    const page = await html({ SANDBOX_URL })
    expect(page).not.toContain('sandbox')
    expect(page).not.toContain('alert')
  })

  it('escapes what is filled in', async () => {
    const page = await html({ SANDBOX_URL: 'http://127.0.0.1/?a="><b>&c=\'' })
    expect(page).not.toContain('"><b>')
    expect(page).not.toContain('<b>')
  })
})

describe('the form of the demonstration firm', () => {
  /** Every control by name, with its tag. */
  const controls = (page: string) =>
    new Map(
      [...page.matchAll(/<(?:input|select|textarea)\b[^>]*\bname="(\w+)"[^>]*>/g)].map(([tag, name]) => [
        name ?? '',
        tag,
      ]),
    )

  it('posts to its endpoint', async () => {
    await withForm()
    expect(await html()).toContain('<form method="post" action="/in/demo/website" aria-labelledby="intake"')
  })

  it('asks what its rule uses, and needs what the rule cannot do without', async () => {
    await withForm()
    const asked = controls(await html())
    expect([...asked.keys()]).toEqual([
      '_id',
      '_gotcha',
      'first_name',
      'last_name',
      'email',
      'phone',
      'matter_type',
      'opposing_party',
      'referral',
      'message',
    ])
    const required = [...asked].filter(([, tag]) => tag.includes(' required')).map(([name]) => name)
    expect(required).toEqual(['first_name', 'last_name', 'email', 'matter_type', 'message'])
  })

  it('has an id for each visitor, so that a second press is the same event', async () => {
    await withForm()
    const ids = await Promise.all(
      [html(), html()].map(async page => /name="_id" value="([\w-]{36})"/.exec(await page)?.[1]),
    )
    expect(ids[0]).toBeTruthy()
    expect(ids[0]).not.toBe(ids[1])
  })

  it('names every control for those who cannot see it, but hides the trap from them', async () => {
    await withForm()
    const page = await html()
    for (const [name, tag] of controls(page)) {
      if (name === '_id') continue
      const before = page.slice(0, page.indexOf(tag))
      expect(before.lastIndexOf('<label>'), name).toBeGreaterThan(before.lastIndexOf('</label>'))
    }
    expect(page).toContain('<div class="trap" aria-hidden="true">')
    expect(controls(page).get('_gotcha')).toContain('tabindex="-1"')
    expect(controls(page).get('_gotcha')).toContain('autocomplete="off"')
  })

  it('offers what the sandbox has: an unknown name would park the run', async () => {
    const { createSandbox } = await import('../../src/sandbox/sandbox.ts')
    const { practice_areas = [], custom_fields = [] } = createSandbox().records()
    const referral = custom_fields.find(({ name }) => name === 'Referral source')?.picklist_options as {
      option: string
    }[]
    await withForm()
    const offered = [...(await html()).matchAll(/<option>([^<]+)<\/option>/g)].map(([, name]) => name)
    expect(offered).toEqual([...practice_areas.map(({ name }) => name), ...referral.map(({ option }) => option)])
  })
})

describe('what is not there', () => {
  const ask = (accept: string) => createApp(env).request('/nowhere', { headers: { accept } })

  it('is a page for a person, and a problem for a program', async () => {
    const page = await ask('text/html,*/*')
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
    expect((await ask('*/*')).headers.get('content-type')).toBe('application/problem+json')
  })
})

describe('the thanks of the demonstration', () => {
  it('lead to the run and to the sandbox; elsewhere there is no such page', async () => {
    const demonstration: object = { SANDBOX_URL }
    const app = createApp({ ...env, ...demonstration })
    const page = await (await app.request('/thanks/run_abc123')).text()
    expect(page).toContain('href="/console/demo/runs/run_abc123"')
    expect(page).toContain(`href="${SANDBOX_URL}/"`)
    expect((await createApp(env).request('/thanks/run_abc123')).status).toBe(404)
    expect((await app.request('/thanks/"><b>')).status).toBe(404)
  })
})
