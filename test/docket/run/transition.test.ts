import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  accepted,
  type Input,
  isFinal,
  type Phase,
  type ReadyCall,
  type Run,
} from '../../../src/docket/ledger/run/run-state.ts'
import { type Circumstances, freshness, patience, transition } from '../../../src/docket/run/transition.ts'
import type { Outcome } from '../../../src/model/call.ts'
import type { RunState } from '../../../src/model/docket-rpc.ts'

const now = Date.UTC(2026, 10, 24, 15)
const at: Circumstances = { now, random: 0.5, settle: 90_000 }
const ready: ReadyCall = { call: { method: 'POST', path: 'contacts', body: {} }, resource: 'contacts', at: now }

const run = (with_: Partial<Run> = {}): Run => ({ ...accepted, state: 'running', phase: 'work', ...with_ })
const applied: Outcome = { kind: 'applied', status: 201, answer: { data: { id: 1 } } }
const unknown = (message = 'No answer within 30 s.'): Outcome => ({ kind: 'unknown', status: null, message })
type Why = Extract<Outcome, { kind: 'refused' }>['why']
const refused = (why: Why, status: number, more: { retryAfter?: number } = {}) =>
  ({ kind: 'refused', why, status, message: 'Clio says no.', ...more }) as const
const outcome = (outcome: Outcome): Input => ({ kind: 'outcome', outcome, attempt: 7 })
const sending = run({ phase: 'send', ready })

describe('a turn goes on where the run stood', () => {
  it.each<[Phase, string]>([
    ['plan', 'plan'],
    ['work', 'work'],
    ['look', 'look'],
  ])('in the phase %s it does that again: all of them only read', (phase, next) => {
    const after = transition(run({ phase, state: 'waiting', reason: 'why', wakeAt: 1 }), { kind: 'turn' }, at)
    expect(after).toMatchObject({ next, run: { state: 'running', phase, reason: null, wakeAt: null } })
  })

  it('after the settle time it looks, and keeps the attempt that it looks for', () => {
    const after = transition(run({ phase: 'settle', attempt: 7, state: 'waiting' }), { kind: 'turn' }, at)
    expect(after).toMatchObject({ next: 'look', run: { phase: 'look', attempt: 7 } })
  })

  it('a call that is ready goes as it is for two minutes', () => {
    const old = run({ phase: 'send', ready: { ...ready, at: now - freshness } })
    expect(transition(old, { kind: 'turn' }, at)).toMatchObject({ next: 'send', run: { phase: 'send' } })
  })

  it('an older one is worked out anew: what it was based on may have changed', () => {
    const old = run({ phase: 'send', ready: { ...ready, at: now - freshness - 1 } })
    expect(transition(old, { kind: 'turn' }, at)).toMatchObject({ next: 'work', run: { phase: 'work', ready: null } })
  })

  it('without a ready call nothing is sent', () => {
    expect(transition(run({ phase: 'send' }), { kind: 'turn' }, at).next).toBe('work')
  })
})

describe('planning and working out', () => {
  it('no step: the run ends ignored, and says why', () => {
    const after = transition(run({ phase: 'plan' }), { kind: 'planned', steps: 0 }, at)
    expect(after).toMatchObject({
      next: 'rest',
      run: { state: 'ignored', reasonCode: 'no-rule', reason: 'No rule matches.' },
    })
  })

  it('with steps it works on the first', () => {
    const after = transition(run({ phase: 'plan' }), { kind: 'planned', steps: 2 }, at)
    expect(after).toMatchObject({ next: 'work', run: { phase: 'work', state: 'running' } })
  })

  it('an overtaken event ends ignored', () => {
    const after = transition(run({ phase: 'plan' }), { kind: 'ignored', code: 'overtaken', reason: 'Overtaken.' }, at)
    expect(after.run).toMatchObject({ state: 'ignored', reason: 'Overtaken.' })
  })

  it('a call that is worked out is sent', () => {
    expect(transition(run(), { kind: 'call', ready }, at)).toMatchObject({
      next: 'send',
      run: { phase: 'send', ready },
    })
  })

  it('a step that is done leads to the next, and the troubles before it are forgotten', () => {
    const after = transition(run({ tries: 4, troubledAt: 5, ready }), { kind: 'step-done', last: false }, at)
    expect(after).toMatchObject({ next: 'work', run: { phase: 'work', ready: null, tries: 0, troubledAt: null } })
  })

  it('the last step ends the run', () => {
    const after = transition(run({ reason: 'old' }), { kind: 'step-done', last: true }, at)
    expect(after).toMatchObject({ next: 'rest', run: { state: 'done', reason: null, ready: null, attempt: null } })
  })

  it('a step that needs a person parks the run with the reason', () => {
    const after = transition(run(), { kind: 'park', code: 'several-found', reason: 'Two contacts match.' }, at)
    expect(after).toMatchObject({
      next: 'rest',
      run: { state: 'parked', reasonCode: 'several-found', reason: 'Two contacts match.', wakeAt: null },
    })
  })

  it('behind another run it waits and names it; what it had ready is worked out anew afterwards', () => {
    const after = transition(sending, { kind: 'behind', run: 'run_1', what: 'its equal call is under way.' }, at)
    expect(after).toMatchObject({ next: 'rest', run: { state: 'waiting', phase: 'work', ready: null } })
    expect(after.run.reason).toBe('Waiting for run run_1: its equal call is under way.')
  })

  it('behind one that has ended meanwhile it comes back by itself, and not at once: it would never rest', () => {
    const after = transition(sending, { kind: 'behind', run: 'run_1', what: '.' }, at)
    expect(after.run.wakeAt).toBe(now + 1000)
  })
})

describe('what became of a call', () => {
  it('applied: the step is worked out further', () => {
    const after = transition({ ...sending, tries: 3, troubledAt: 1 }, outcome(applied), at)
    expect(after).toMatchObject({ next: 'work', run: { phase: 'work', ready: null, tries: 0, troubledAt: null } })
  })

  it('unknown: it waits until a late write would have landed, counted from the outcome', () => {
    const after = transition(sending, outcome(unknown()), at)
    expect(after).toMatchObject({
      next: 'rest',
      run: { state: 'waiting', phase: 'settle', attempt: 7, wakeAt: now + 90_000, tries: 1, troubledAt: now },
    })
    expect(after.run.reason).toContain('looking in Clio before anything is repeated')
  })

  it('cut by a restart: the settle time counts from the restart', () => {
    const after = transition(sending, { kind: 'cut', attempt: 9 }, { ...at, now: now + 5000 })
    expect(after.run).toMatchObject({ state: 'waiting', phase: 'settle', attempt: 9, wakeAt: now + 95_000 })
  })

  it('401, or no connection: it is held for as long as the connection is lost', () => {
    const after = transition(sending, outcome(refused('connection', 401)), at)
    expect(after).toMatchObject({ next: 'rest', run: { state: 'held', phase: 'send', wakeAt: null } })
  })

  it('401 is no trouble of the run: a connection that is lost for a week parks nothing', () => {
    const long = { ...sending, troubledAt: now - patience, tries: 9 }
    expect(transition(long, outcome(refused('connection', 401)), at).run).toMatchObject({ state: 'held', tries: 9 })
  })

  it("403: this run parks, with Clio's own words and what is lacking", () => {
    const after = transition(sending, outcome(refused('forbidden', 403)), at)
    expect(after.run.state).toBe('parked')
    expect(after.run.reason).toContain('Clio says no.')
    expect(after.run.reason).toContain('permission')
  })

  it.each([
    ['missing', 404],
    ['missing', 410],
    ['invalid', 422],
    ['invalid', 400],
  ] as const)('%s (%i): the step itself knows whether another way leads on', (why, status) => {
    const after = transition(sending, outcome(refused(why, status)), at)
    expect(after).toMatchObject({ next: 'work', run: { state: 'running', phase: 'work', ready: null } })
  })

  it('429 waits as told, and what was ready stays ready', () => {
    const after = transition(sending, outcome(refused('limit', 429, { retryAfter: 12_000 })), at)
    expect(after.run).toMatchObject({ state: 'waiting', phase: 'send', ready, wakeAt: now + 12_000 })
  })

  it('429 that says nothing backs off', () => {
    const after = transition(sending, outcome(refused('limit', 429)), at)
    expect(after.run.wakeAt).toBe(now + 750)
  })
})

describe('a look-up that got no answer', () => {
  const unread = (outcome: Exclude<Outcome, { kind: 'applied' }>): Input => ({ kind: 'unread', outcome })

  it.each<Phase>(['work', 'look'])('is asked again later in the phase %s', phase => {
    const after = transition(run({ phase, attempt: 3 }), unread({ kind: 'unknown', status: 502, message: 'Bad.' }), at)
    expect(after).toMatchObject({
      next: 'rest',
      run: { state: 'waiting', phase, attempt: 3, tries: 1, troubledAt: now },
    })
  })

  it('holds the run when the connection is lost, and keeps what it looked for', () => {
    const after = transition(run({ phase: 'look', attempt: 3 }), unread(refused('connection', 401)), at)
    expect(after.run).toMatchObject({ state: 'held', phase: 'look', attempt: 3 })
  })

  it('parks when Clio forbids it', () => {
    expect(transition(run(), unread(refused('forbidden', 403)), at).run.state).toBe('parked')
  })

  it('parks when Clio refuses what it says', () => {
    expect(transition(run(), unread(refused('invalid', 422)), at).run).toMatchObject({ state: 'parked', phase: 'work' })
  })
})

describe('backing off', () => {
  const waits = (tries: number, random: number): number => {
    const input: Input = { kind: 'unread', outcome: { kind: 'unknown', status: 500, message: 'Oops.' } }
    return transition(run({ tries, troubledAt: now }), input, { ...at, random }).run.wakeAt! - now
  }

  it('doubles from one second, each wait between half and the whole', () => {
    for (const [tries, whole] of [1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000].entries()) {
      expect(waits(tries, 0)).toBe(whole / 2)
      expect(waits(tries, 0.999_999_9)).toBe(whole)
    }
  })

  it('never waits longer than five minutes, however often it failed', () => {
    for (const tries of [9, 20, 100, 10_000]) expect(waits(tries, 0.999_999_9)).toBe(300_000)
  })

  it('a day of nothing but trouble shows the run to a person', () => {
    const input: Input = { kind: 'unread', outcome: { kind: 'unknown', status: 500, message: 'Oops.' } }
    const almost = transition(run({ troubledAt: now - patience + 1 }), input, at)
    expect(almost.run.state).toBe('waiting')
    const whole = transition(run({ troubledAt: now - patience }), input, at)
    expect(whole.run.state).toBe('parked')
    expect(whole.run.reason).toContain('Oops.')
  })

  it('the same for calls whose outcome never becomes known; the call stays unknown', () => {
    const after = transition({ ...sending, troubledAt: now - patience }, outcome(unknown()), at)
    expect(after.run).toMatchObject({ state: 'parked', attempt: 7 })
  })
})

describe('what the look-up after a lost answer found', () => {
  const looking = run({ phase: 'look', attempt: 7, ready, tries: 2, troubledAt: now - 5 })

  it('its record: the step goes on, as if it had been answered', () => {
    const after = transition(looking, { kind: 'found', verdict: { kind: 'adopt' } }, at)
    expect(after).toMatchObject({ next: 'work', run: { phase: 'work', attempt: null, ready: null, tries: 0 } })
  })

  it('nothing: the call is worked out anew, and the troubles go on counting', () => {
    const after = transition(looking, { kind: 'found', verdict: { kind: 'absent' } }, at)
    expect(after).toMatchObject({ next: 'work', run: { attempt: null, ready: null, tries: 2, troubledAt: now - 5 } })
  })

  it('something doubtful: a person decides, and the call stays unknown', () => {
    const after = transition(looking, { kind: 'found', verdict: { kind: 'doubtful', reason: 'Two.' } }, at)
    expect(after.run).toMatchObject({ state: 'parked', reason: 'Two.', attempt: 7 })
  })
})

describe('resume', () => {
  const resume: Input = { kind: 'resume' }

  it('begins the current step anew, its troubles forgotten', () => {
    const parked = run({ state: 'parked', phase: 'send', ready, tries: 8, troubledAt: 1, reason: 'No.' })
    expect(transition(parked, resume, at)).toMatchObject({
      next: 'rest',
      run: { state: 'accepted', phase: 'work', ready: null, tries: 0, troubledAt: null, reason: null, wakeAt: now },
    })
  })

  it('plans anew when it never got further, or was taken for spam', () => {
    for (const state of ['parked', 'spam'] as const) {
      expect(transition(run({ state, phase: 'plan' }), resume, at).run).toMatchObject({
        state: 'accepted',
        phase: 'plan',
      })
    }
  })

  it('looks for an unknown call before anything else', () => {
    const parked = run({ state: 'parked', phase: 'look', attempt: 7 })
    expect(transition(parked, resume, at).run).toMatchObject({ phase: 'look', attempt: 7, wakeAt: now })
  })

  it('and not before it has settled: a late write would land behind the look', () => {
    const given = transition({ ...sending, troubledAt: now - patience }, outcome(unknown()), at).run
    const after = transition(given, resume, at).run
    expect(after).toMatchObject({ state: 'accepted', phase: 'settle', attempt: 7, wakeAt: now + 90_000 })
    expect(transition(after, { kind: 'turn' }, { ...at, now: now + 90_000 }).next).toBe('look')
  })

  it.each<RunState>(['accepted', 'running', 'waiting', 'held'])('does nothing to a run that is %s', state => {
    const open = run({ state })
    expect(transition(open, resume, at)).toEqual({ run: open, next: 'rest' })
  })
})

describe('discard', () => {
  it.each<RunState>(['accepted', 'running', 'waiting', 'held', 'parked', 'spam'])('closes a run that is %s', state => {
    const before = run({ state, reason: 'why', attempt: 7, ready, wakeAt: 5 })
    const after = transition(before, { kind: 'discard' }, at)
    expect(after).toMatchObject({
      next: 'rest',
      run: { state: 'discarded', reason: 'why', attempt: null, ready: null },
    })
  })
})

// ---- any sequence of inputs

const anyRefusal = fc.record({
  kind: fc.constant('refused' as const),
  why: fc.constantFrom<Why>('limit', 'connection', 'forbidden', 'missing', 'invalid'),
  status: fc.constantFrom(400, 401, 403, 404, 422, 429),
  message: fc.constant('No.'),
  retryAfter: fc.constantFrom(undefined, 0, 5000),
}) as fc.Arbitrary<Extract<Outcome, { kind: 'refused' }>>
const anyLoss = fc.constantFrom<Extract<Outcome, { kind: 'unknown' }>>(
  { kind: 'unknown', status: null, message: 'Lost.' },
  { kind: 'unknown', status: 500, message: 'Oops.' },
)
const anyInput: fc.Arbitrary<Input> = fc.oneof(
  fc.constantFrom<Input>(
    { kind: 'turn' },
    { kind: 'planned', steps: 0 },
    { kind: 'planned', steps: 2 },
    { kind: 'ignored', code: 'overtaken', reason: 'Overtaken.' },
    { kind: 'call', ready },
    { kind: 'step-done', last: false },
    { kind: 'step-done', last: true },
    { kind: 'park', code: 'doubtful', reason: 'Look.' },
    { kind: 'found', verdict: { kind: 'adopt' } },
    { kind: 'found', verdict: { kind: 'absent' } },
    { kind: 'found', verdict: { kind: 'doubtful', reason: 'Two.' } },
    { kind: 'cut', attempt: 8 },
    { kind: 'behind', run: 'run_2', what: 'it.' },
    { kind: 'resume' },
    { kind: 'discard' },
  ),
  fc.oneof(anyRefusal, anyLoss).map(outcome => ({ kind: 'unread', outcome }) as Input),
  fc.oneof(anyRefusal, anyLoss, fc.constant(applied)).map(outcome),
)
const anyLife = fc.array(fc.tuple(anyInput, fc.integer({ min: 0, max: 3 * 3_600_000 })), { maxLength: 40 })

function lived(
  life: [Input, number][],
  see: (before: Run, after: ReturnType<typeof transition>, moment: number) => void,
) {
  let current: Run = accepted
  let moment = now
  for (const [input, later] of life) {
    moment += later
    const after = transition(current, input, { ...at, now: moment })
    see(current, after, moment)
    current = after.run
  }
}

const states: RunState[] = ['done', 'ignored', 'discarded', 'parked', 'spam']

describe('whatever happens, in whatever order', () => {
  it('a final state never changes (I4)', () => {
    fc.assert(
      fc.property(anyLife, life =>
        lived(life, (before, after) => {
          if (isFinal(before.state)) expect(after).toEqual({ run: before, next: 'rest' })
        }),
      ),
    )
  })

  it('what is parked or spam is moved by a person only', () => {
    fc.assert(
      fc.property(fc.constantFrom<RunState>('parked', 'spam'), anyInput, (state, input) => {
        const before = run({ state })
        const { run: after, next } = transition(before, input, at)
        expect(next).toBe('rest')
        if (input.kind !== 'resume' && input.kind !== 'discard') expect(after).toEqual(before)
      }),
    )
  })

  it('nothing is sent without a ready call, and what goes on is running without a reason or a moment', () => {
    fc.assert(
      fc.property(anyLife, life =>
        lived(life, (_, { run, next }) => {
          if (next === 'send') expect(run.ready).not.toBeNull()
          if (next !== 'rest') expect(run).toMatchObject({ state: 'running', reason: null, wakeAt: null })
        }),
      ),
    )
  })

  it('a run waits for a moment only when it is waiting or freshly resumed, and never for one long past', () => {
    fc.assert(
      fc.property(anyLife, life =>
        lived(life, (before, { run }, moment) => {
          if (run.wakeAt === null || run === before) return
          expect(['waiting', 'accepted']).toContain(run.state)
          expect(run.wakeAt).toBeGreaterThanOrEqual(moment)
        }),
      ),
    )
  })

  it('a run that rests and is open either waits with a reason or is held with one (nothing is stuck unseen, I1)', () => {
    fc.assert(
      fc.property(anyLife, life =>
        lived(life, (before, { run, next }) => {
          if (next !== 'rest' || states.includes(run.state) || run === before) return
          if (run.state === 'accepted') expect(run.wakeAt).not.toBeNull()
          else
            expect(run).toMatchObject({ state: expect.stringMatching(/^(waiting|held)$/), reason: expect.any(String) })
          if (run.state === 'waiting') expect(run.wakeAt).not.toBeNull()
        }),
      ),
    )
  })

  it('an unknown call is let go of only by the look-up or by discarding (I2)', () => {
    fc.assert(
      fc.property(anyInput, fc.constantFrom<Phase>('settle', 'look'), (input, phase) => {
        const before = run({ phase, attempt: 7, state: phase === 'settle' ? 'waiting' : 'running' })
        // Inputs that the Docket can have while a call is unknown.
        if (!['turn', 'found', 'unread', 'park', 'resume', 'discard'].includes(input.kind)) return
        const { run: after } = transition(before, input, at)
        const settled = input.kind === 'discard' || (input.kind === 'found' && input.verdict.kind !== 'doubtful')
        expect(after.attempt).toBe(settled ? null : 7)
      }),
    )
  })
})
