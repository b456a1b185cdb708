import { expect, it } from 'vitest'
import { World } from './world.ts'

const config = {
  timezone: 'America/New_York',
  country: 'US',
  connection: '21fd90f9-5935-43cd-b6c8-bde9d915ca80',
  endpoints: { website: { source: 'form' } },
  rules: [
    {
      name: 'new-client',
      on: { endpoint: ['website'], type: 'form.submitted' },
      steps: {
        client: {
          upsert: 'contacts',
          match: ['email_addresses', 'phone_numbers'],
          with: {
            type: 'Person',
            first_name: '{{ person.first_name }}',
            last_name: '{{ person.last_name }}',
            email_addresses: [{ name: 'Work', address: '{{ person.email }}', default_email: true }],
            phone_numbers: [{ name: 'Mobile', number: '{{ person.phone }}' }],
          },
        },
        matter: {
          create: 'matters',
          with: {
            client: '{{ steps.client }}',
            status: 'pending',
            description: '{{ fields.matter_type }}: {{ person.last_name }}',
            practice_area: '{{ fields.matter_type }}',
            custom_fields: { 'Referral source': '{{ fields.referral }}' },
          },
        },
        call: {
          create: 'tasks',
          with: {
            name: 'Call {{ person.first_name }}',
            description: '{{ message }}',
            priority: 'High',
            assignee: 'intake@smith.example',
            matter: '{{ steps.matter }}',
            due_at: "{{ date('+1 business day') }}",
          },
        },
      },
    },
  ],
}

it('carries an intake out', async () => {
  const world = new World({ config })
  const id = world.deliver(
    'website',
    {
      fields: { matter_type: 'Family Law', referral: 'Google' },
      person: {
        first_name: 'Jane',
        last_name: 'Roe',
        email: 'jane@x.example',
        phone: '212-555-0100',
        company: null,
      } as never,
      message: 'Hello',
    },
    'k1',
  )!
  await world.clock.run()
  console.log(world.run(id), world.log)
  console.log(
    world.sandbox.ledger
      .view()
      .entries.map(e => `${e.method} ${e.path} ${e.query} ${e.status} ${JSON.stringify(e.body)}`)
      .join('\n'),
  )
  console.log(JSON.stringify(world.sandbox.ledger.view().unknown))
  expect(world.run(id).state).toBe('done')
})
