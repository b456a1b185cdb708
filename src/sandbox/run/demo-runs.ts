import { randomBytes } from 'node:crypto'

/** A few events of every kind for the demonstration firm, so that its console shows from the first minute what it is for. */

/** ms that one of them may take to come to where it stays. */
const patience = 8_000

type Answers = Readonly<Record<string, string>>

const website: readonly Answers[] = [
  {
    first_name: 'Grace',
    last_name: 'Hopper',
    email: 'grace@mail.example',
    phone: '+1 212 555 0101',
    matter_type: 'Employment',
    referral: 'Friend or family',
    message: 'My employer will not pay what my contract says. Could we talk this week?',
  },
  {
    first_name: 'Katherine',
    last_name: 'Johnson',
    email: 'katherine@mail.example',
    matter_type: 'Estate Planning',
    referral: 'Google',
    message: 'I should like to make a will.',
  },
  // Against somebody who has just become a client: the rule stops there.
  {
    first_name: 'Howard',
    last_name: 'Aiken',
    email: 'howard@mail.example',
    matter_type: 'Employment',
    opposing_party: 'Grace Hopper',
    message: 'A former colleague claims wages that I do not owe.',
  },
  // Written by a robot, which fills in what no visitor sees.
  {
    first_name: 'Best',
    last_name: 'Offers',
    email: 'offers@spam.example',
    matter_type: 'Real Estate',
    message: 'Buy visitors for your website',
    _gotcha: 'https://spam.example',
  },
]

/** The first names a host whom Clio does not know; the second waits behind it, for it is about the same booking. */
const bookings = (day: string) => {
  const booking = {
    booking: 'booking-1',
    title: 'First consultation',
    guest: 'Dorothy Vaughan',
    mail: 'dorothy@mail.example',
  }
  const host = 'sam.smith@smith.example'
  return [
    { id: 'event-1', event: 'created', ...booking, host, start: `${day}T15:00:00Z`, end: `${day}T15:30:00Z` },
    { id: 'event-2', event: 'moved', ...booking, host, start: `${day}T17:00:00Z`, end: `${day}T17:30:00Z` },
    // No rule is for this one.
    {
      id: 'event-3',
      event: 'reminded',
      ...booking,
      booking: 'booking-2',
      host,
      start: `${day}T09:00:00Z`,
      end: `${day}T09:30:00Z`,
    },
  ]
}

/** Sends them in at the door, as their senders would, one after another; nothing when the firm has had events already. */
export async function fillDemo(url: string, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` }
  const firm = `${url}/api/firms/demo`
  const before = (await (await fetch(`${firm}/runs?limit=1`, { headers })).json()) as { runs: object[] }
  if (before.runs.length > 0) return
  const secret = randomBytes(32).toString('hex')
  await fetch(`${firm}/secrets/DEMO_BOOKINGS_SECRET`, { method: 'PUT', headers, body: secret })
  const day = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10)
  const sent = [
    ...website.map(answers => ['website', {}, new URLSearchParams(answers)] as const),
    ...bookings(day).map(body => {
      const own = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
      return ['bookings', own, JSON.stringify(body)] as const
    }),
  ]
  for (const [endpoint, own, body] of sent) {
    const answer = await fetch(`${url}/in/demo/${endpoint}`, { method: 'POST', headers: own, body })
    const { run } = (await answer.json()) as { run?: string }
    if (run) await settled(`${firm}/runs/${run}`, headers)
  }
}

async function settled(run: string, headers: Record<string, string>): Promise<void> {
  for (const deadline = Date.now() + patience; Date.now() < deadline; ) {
    const { state } = (await (await fetch(run, { headers })).json()) as { state: string }
    if (state !== 'accepted' && state !== 'running') return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
