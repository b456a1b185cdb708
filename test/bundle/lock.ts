/** What may be installed: one exact version of each package, and the digest its archive must have. */

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** Places in `node_modules` that npm would fill with whatever it is sent. (npm forgets digests when it makes a lock from what is already installed.) */
export function withoutIntegrity({ packages }: Lock): string[] {
  return Object.keys(packages).filter(place => place !== '' && !packages[place]?.integrity?.startsWith('sha512-'))
}

/** `name@range` of each dependency that is not pinned to one version. */
export function ranged({ dependencies, devDependencies }: Manifest): string[] {
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name}@${version}`)
}
