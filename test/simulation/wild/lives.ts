import { Violation } from '../life.ts'
import { liveWildly, type WildLife } from './life.ts'

/** Lives the wild lives of these seeds, both ends included; fails with the seed of the one that went wrong. */
export async function wildLives(from: number, to: number): Promise<WildLife[]> {
  const lives: WildLife[] = []
  for (let n = from; n <= to; n++)
    lives.push(
      await liveWildly(n).catch((error: unknown) => {
        if (error instanceof Violation) throw error
        throw new Violation(n, `${error instanceof Error ? error.stack : error}`)
      }),
    )
  return lives
}
