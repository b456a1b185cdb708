import { DurableObject } from 'cloudflare:workers'

export class Docket extends DurableObject<Env> {}

export default {
  async fetch() {
    return new Response('Docketed\n')
  },
} satisfies ExportedHandler<Env>
