import { vi } from 'vitest'

/**
 * Looks again and again until nothing is thrown, and answers what was seen. As patient as a machine with other work needs it to be: it ends
 * as soon as it can, and what never comes fails all the same, with what was thrown last.
 *
 * @param every ms between two looks
 */
export const eventually = <T>(look: () => T | Promise<T>, every = 30): Promise<T> =>
  vi.waitFor(look, { timeout: 40_000, interval: every })
