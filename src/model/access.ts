import { type Problem, problem } from '../lib/problem.ts'

/** Who may ask what of a firm's docket. */

/** What a firm's own token or seat may do, from least to most. */
export const firmRoles = ['viewer', 'operator', 'admin'] as const
export type FirmRole = (typeof firmRoles)[number]

/** `vendor`: who has ADMIN_TOKEN, for all firms. */
export type Role = FirmRole | 'vendor'

const rank: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2, vendor: 3 }

/** Whether a role includes another. */
export const includes = (role: Role, wanted: Role): boolean => rank[role] >= rank[wanted]

/** What an agent with this token may do: read, have its writes wait for a person, or write. */
export const agentMays = ['read', 'propose', 'write'] as const
export type AgentMay = (typeof agentMays)[number]

/** Whether what an agent may includes what is wanted. */
export const agentIncludes = (may: AgentMay, wanted: AgentMay): boolean =>
  agentMays.indexOf(may) >= agentMays.indexOf(wanted)

/** What an agent that wants more than it may is told. Whoever comes without `agent` is a person, or a person's script. */
export const personOnly = (why: string): Problem =>
  problem(
    403,
    'person-needed',
    why,
    'Nothing was changed. Ask a person of the firm to do it: in the console, or with `docketed`. An admin gives out tokens that may more.',
  )

/** Who asks. */
export interface Caller {
  role: Role
  /** For the audit: `vendor`, `token:{id}` or the address of a person's seat. */
  actor: string
  agent?: AgentMay
}

/** Who has ADMIN_TOKEN; and this Worker itself. */
export const vendor: Caller = { role: 'vendor', actor: 'vendor' }

/** A token or a seat that somebody is to have. */
export type NewSeat = { role: FirmRole } & ({ name: string; agent?: AgentMay } | { email: string })

export interface TokenView {
  id: string
  name: string
  role: FirmRole
  agent?: AgentMay
  /** Of a seat: the address by which Cloudflare Access knows the person. */
  email?: string
  createdAt: string
  lastUsedAt: string | null
}

/** A firm's token names its firm: nobody else's Docket is asked about it. */
export const tokenOf = (firm: string, random: string): string => `dkt_${firm}_${random}`

/** What shows who asks: the SHA-256 of a token, or an address that Cloudflare Access vouches for. */
export type Shown = { kind: 'token'; hash: string } | { kind: 'person'; email: string }

export interface AuditEntry {
  at: string
  actor: string
  action: string
  run?: string
  detail?: string
}

/** What the door refused, counted; nothing of what was sent. */
export interface RefusalCount {
  endpoint: string
  code: string
  times: number
}

export interface RefusalView extends RefusalCount {
  at: string
  why: string
}
