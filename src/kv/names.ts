/** Every name in KV, and what may be part of one. What stands under one is told where it is read and written. */

/** `firm:{firm}`: what the door knows of a firm (`mirror.ts`). */
export const firms = 'firm:'
export const firmName = (firm: string): string => `${firms}${firm}`

/** `connection:{connection}` -> firm: whose a connection of the gateway was before the registry knew it. Read once, written no more. */
export const connections = 'connection:'

/** All of a firm's keys begin so. */
export const keysOf = (firm: string): string => `key:${firm}:`

/** `key:{firm}:{endpoint}:{hash}`: the run behind an idempotency key (`keys.ts`). */
export const keyName = (firm: string, endpoint: string, hash: string): string => `${keysOf(firm)}${endpoint}:${hash}`

/** `ended:{hash}`: a session of the console that was signed out of (`console/session.ts`). */
export const endedName = (hash: string): string => `ended:${hash}`

/** Whether a firm or an endpoint can be called so. */
export const isName = (text: string): boolean => /^[a-z0-9][a-z0-9-]{0,62}$/.test(text)
