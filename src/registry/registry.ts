import { DurableObject } from 'cloudflare:workers'
import { failureLine } from '../lib/failure.ts'
import { type Problem, problem } from '../lib/problem.ts'
import type {
  FirmFigures,
  FirmReport,
  FirmsAsked,
  FirmsPage,
  RegistryRpc,
  Standing,
  Tombstone,
  TombstonesPage,
} from '../model/registry-rpc.ts'
import { keyringOf } from '../platform/sealing.ts'
import { Connections } from './connections.ts'
import { Firms } from './firms.ts'
import { migrate } from './migrations.ts'
import { seed } from './seed.ts'

/** ms until KV is read on. */
const readOn = 1000

/** The one Durable Object that knows all firms. Here it meets the platform; what it knows is in its tables. */
export class Registry extends DurableObject<Env> implements RegistryRpc {
  readonly #firms: Firms
  readonly #connections: Connections
  #seeding: Promise<boolean> | null = null
  #seeded = false

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    migrate(ctx.storage)
    this.#firms = new Firms(ctx.storage)
    this.#connections = new Connections(ctx.storage)
  }

  async take(firm: string, connection: string, dry: boolean, anew = false): Promise<null | Problem> {
    if (!(await this.#seed())) return filling
    if (this.#firms.tombstone(firm) && !anew) return erased
    return this.ctx.storage.transactionSync(() => {
      const refused = this.#connections.take(firm, connection, dry, Date.now())
      if (!refused && !dry) this.#firms.unearth(firm)
      return refused
    })
  }

  async uses(firm: string, connection: string): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      this.#connections.uses(firm, connection)
      this.#firms.uses(firm, connection.toLowerCase(), Date.now())
    })
  }

  async condemn(connection: string): Promise<null | Problem> {
    if (!(await this.#seed())) return filling
    return this.#connections.condemn(connection, Date.now())
  }

  async spare(connection: string): Promise<void> {
    this.#connections.spare(connection)
  }

  async expect(firm: string, at: number): Promise<number> {
    return this.#firms.expect(firm, at, Date.now())
  }

  async report(report: FirmReport): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      const known = this.#firms.report(report, Date.now())
      // A Docket that cannot read its database names none, and lets none go.
      if (known && report.connection !== null) this.#connections.reported(report.firm, report.connection, Date.now())
    })
  }

  async overdue(most: number): Promise<string[]> {
    await this.#seed()
    return this.ctx.storage.transactionSync(() => {
      this.ctx.storage.sql.exec("insert or replace into meta values ('swept', ?)", String(Date.now()))
      return this.#firms.overdue(most, Date.now())
    })
  }

  async firms(limit: number, cursor: string | null, asked: FirmsAsked = {}): Promise<FirmsPage> {
    await this.#seed()
    return this.#firms.page(limit, cursor, asked, this.#mark)
  }

  async bury(firm: string, by: string): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      this.#connections.releaseAll(firm)
      this.#firms.bury(firm, by, Date.now())
    })
  }

  async tombstone(firm: string): Promise<Tombstone | null> {
    return this.#firms.tombstone(firm)
  }

  async graves(limit: number, cursor: string | null): Promise<TombstonesPage> {
    return this.#firms.graves(limit, cursor)
  }

  async standing(): Promise<Standing> {
    const [swept] = this.ctx.storage.sql.exec("select value from meta where key = 'swept'").toArray()
    const [sample] = this.#firms.page(1, null, {}, this.#mark).firms
    const sweptAt = swept ? Number(swept.value) : null
    const keysLeft = this.#firms.keysLeft(this.#mark)
    return {
      ...this.#firms.count(Date.now()),
      unfit: this.#firms.unfit(),
      sweptAt,
      keysLeft,
      sample: sample?.id ?? null,
    }
  }

  /** Of the DATA_KEY of now. */
  get #mark(): string {
    return keyringOf(this.env)?.mark ?? ''
  }

  async figures(from: string, to: string | null, most: number): Promise<{ firms: FirmFigures[]; left: number }> {
    return this.#firms.figures(from, to, most)
  }

  override async alarm(): Promise<void> {
    await this.#seed()
  }

  /** True when what KV knew is all here. Who asks meanwhile waits for the same pages; what is left is read by the alarm. */
  async #seed(): Promise<boolean> {
    if (this.#seeded) return true
    this.#seeding ??= this.#readOn().finally(() => {
      this.#seeding = null
    })
    this.#seeded = await this.#seeding
    return this.#seeded
  }

  async #readOn(): Promise<boolean> {
    const read = await seed({
      storage: this.ctx.storage,
      firms: this.#firms,
      connections: this.#connections,
      kv: this.env.KV,
      now: () => Date.now(),
      log: message => console.warn(message),
    }).catch(error => {
      console.error(`The registry could not read which firms there are: ${failureLine(error)}`)
      return false
    })
    if (!read) await this.ctx.storage.setAlarm(Date.now() + readOn)
    return read
  }
}

const filling = problem(
  503,
  'registry-filling',
  'The registry is still learning which firms there are',
  'It reads them from KV after an update, which takes some seconds, or minutes where there are thousands. Nothing was changed; send the same call again.',
  { headers: { 'retry-after': '5' } },
)

const erased = problem(
  404,
  'firm-erased',
  'This firm was erased',
  'A firm of this name was erased with everything that was kept of it, and nothing of it is left. To make a firm of this name on purpose, the vendor sends the call with ?anew=1.',
)
