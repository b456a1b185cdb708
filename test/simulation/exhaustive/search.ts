import type { JsonObject } from '../../../src/lib/json.ts'
import type { Action } from '../../../src/sandbox/trouble.ts'
import { World } from '../world.ts'

/**
 * Every order of what can happen to two runs that share something, up to a number of departures from the plain course: the outcome of
 * each write (applied, lost, never arrived, late, refused, refused for now), a crash before or behind it, and what a person does at
 * moments that matter. Real clerk, real ledger, real transitions; nothing is drawn.
 */
export interface Scenario {
  readonly config: JsonObject
  /** Brings the two runs about; their ids. */
  deliver(world: World): (string | null)[]
  /** What is wrong now, in words; null: nothing. Called after every step, and with `atEnd` once everything is over. */
  wrong(world: World, atEnd: boolean): string | null
}

export interface Searched {
  readonly paths: number
  /** Different states of ledger and Clio that were seen. */
  readonly states: number
}

type Fate = 'applied' | 'lost' | 'dropped' | 'late' | 'invalid' | 'limit' | 'crash, not sent' | 'crash, sent'
const fates: readonly Fate[] = [
  'applied',
  'lost',
  'dropped',
  'late',
  'invalid',
  'limit',
  'crash, not sent',
  'crash, sent',
]
type Act = 'nothing' | 'discard' | 'undo' | 'resume' | 'replay' | 'delete' | 'edit'
const acts: readonly Act[] = ['nothing', 'discard', 'undo', 'resume', 'replay', 'delete', 'edit']
/** When a person may act, ms behind the deliveries: at once, while a lost call settles, and once it has been looked for. */
export const moments = [2_000, 40_000, 130_000]

/** The n-th decision of a path, and which of its options is taken: 0, the plain one, where nothing is written. */
type Path = ReadonlyMap<number, number>

class Wrong extends Error {}

/** @param departures how many decisions of one path may depart from the plain course */
export async function search(scenario: Scenario, departures: number): Promise<Searched> {
  const states = new Set<string>()
  let paths = 0
  const open: { path: Path; from: number }[] = [{ path: new Map(), from: 0 }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { path, from } = next
    paths++
    const options = await walk(scenario, path, states)
    if (path.size >= departures) continue
    for (let at = from; at < options.length; at++)
      for (let option = 1; option < options[at]!; option++)
        open.push({ path: new Map([...path, [at, option]]), from: at + 1 })
  }
  return { paths, states: states.size }
}

/** Lives one path. @returns how many options each of its decisions had */
async function walk(scenario: Scenario, path: Path, states: Set<string>): Promise<number[]> {
  const options: number[] = []
  const story: string[] = []
  const decide = <T>(of: readonly T[], what: string): T => {
    const chosen = of[path.get(options.length) ?? 0]!
    if (path.has(options.length)) story.push(`${what}: ${chosen}`)
    options.push(of.length)
    return chosen
  }
  const world = new World({ config: scenario.config, index: false, settle: 90_000 })
  const check = (atEnd: boolean) => {
    const wrong = scenario.wrong(world, atEnd)
    if (wrong !== null) throw new Wrong(`${wrong} (${story.join('; ') || 'nothing happened'})`)
    states.add(stateOf(world))
  }
  try {
    world.sandbox.trouble.strike = (method, to) =>
      method === 'GET' ? null : struck(decide(fates, `${method} ${to}`), world)
    const runs = scenario.deliver(world)
    for (const at of moments)
      world.clock.in(at, () => {
        const act = decide(acts, `after ${at / 1000} s a person`)
        perform(act, world, runs[0] ?? null)
      })
    await world.clock.run({ check: () => check(false) })
    // What is parked in the end a person decides: in doubt is given up, all else tried again.
    for (let round = 0; round < 3; round++) {
      for (const { id, state, reason } of world.runs())
        if (state === 'parked')
          world.operate(clerk =>
            /was lost/.test(reason ?? '') || round === 2 ? clerk.desk.discard(id) : clerk.desk.resume(id, 'own'),
          )
      await world.clock.run({ check: () => check(false) })
    }
    check(true)
  } finally {
    world.close()
  }
  return options
}

function struck(fate: Fate, world: World): Action | null {
  const crash = () => {
    world.kill()
    world.restart(700)
  }
  switch (fate) {
    case 'applied':
      return null
    case 'lost':
      return { do: 'lose' }
    case 'dropped':
      return { do: 'drop' }
    case 'late':
      return { do: 'late', ms: 25_000 }
    case 'invalid':
      return { do: 'fail', status: 422 }
    case 'limit':
      return { do: 'fail', status: 429 }
    case 'crash, not sent':
      crash()
      return { do: 'drop' }
    case 'crash, sent':
      crash()
      return { do: 'lose' }
  }
}

function perform(act: Act, world: World, run: string | null): void {
  if (act === 'nothing' || run === null) return
  if (act === 'delete' || act === 'edit') {
    inClio(act, world)
    return
  }
  world.operate(clerk => {
    if (act === 'discard') return clerk.desk.discard(run)
    if (act === 'undo') return clerk.desk.undo(run, true)
    return act === 'resume' ? clerk.desk.resume(run, 'own') : clerk.desk.replay(run)
  })
}

/** The newest record of the firm's is taken away, or a word of it changed. */
function inClio(act: 'delete' | 'edit', world: World): void {
  const store = world.sandbox.account('smith')
  const row = store.all('tasks').at(-1) ?? store.all('contacts').at(-1)
  if (!row || row.made < world.clock.now - 600_000) return
  if (act === 'delete') store.remove(row)
  else store.replace(row, { ...row.data, description: 'Seen to' })
}

/** Ledger and Clio, without their clocks. */
function stateOf(world: World): string {
  const rows = (query: string) => JSON.stringify(world.disk.query(query))
  const store = world.sandbox.account('smith')
  const clio = ['contacts', 'tasks', 'calendar_entries'].map(resource =>
    store.all(resource).map(row => [row.id, row.version]),
  )
  return [
    rows('select id, state, phase, attempt, behind, undo_of from runs'),
    rows('select run, step, method, outcome, settled, record from attempts'),
    rows('select run, state from steps'),
    rows('select value, run from locks'),
    JSON.stringify(clio),
  ].join('|')
}
