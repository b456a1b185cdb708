/**
 * Who a request comes from, as the brakes count: an IPv4 address, or the /64 of an IPv6 address, which is what one customer has.
 * null: nobody to count, for it comes from this machine, or the platform does not say.
 */
export function addressOf(headers: Headers): string | null {
  const address = headers.get('cf-connecting-ip')?.trim().toLowerCase() ?? ''
  if (address === '' || address.length > 64 || /^(127\.|::1$)/.test(address)) return null
  if (!address.includes(':')) return address
  const mapped = /^(?:0{0,4}:){0,6}:?ffff:(\d{1,3}(?:\.\d{1,3}){3})$/.exec(address)
  if (mapped) return mapped[1]!
  const [head = '', tail] = address.split('%')[0]!.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after]
  return `${groups
    .slice(0, 4)
    .map(group => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}

/** Whether an address begins with `https://` and names a public host. Numbers instead of a name are none: nobody is reached there by name. */
export function isPublicAddress(address: string): boolean {
  const url = URL.parse(address)
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return false
  const host = url.hostname.replace(/\.$/, '')
  return /^(?!.*\.(?:localhost|local|internal|home\.arpa)$)[^:[\]]+\.[a-z][a-z0-9-]*$/i.test(host)
}
