import { BlockList, isIPv4, isIPv6 } from 'node:net'

/**
 * Where an address leads. `refused`: link-local addresses and those through which cloud machines hand out their own credentials,
 * multicast, and what cannot be connected to: no automation has business there. `this-computer` and `own-network` are normal targets
 * of a personal tool, but not of a zap from elsewhere.
 */
export type Reach = 'internet' | 'own-network' | 'this-computer' | 'refused'

const ORDER: readonly Reach[] = ['internet', 'own-network', 'this-computer', 'refused']

/** Ranges by where they lead. What is in none of them is `internet`. */
const RANGES: Readonly<Record<Exclude<Reach, 'internet'>, { readonly ipv4: string[]; readonly ipv6: string[] }>> = {
  refused: {
    ipv4: [
      '169.254.0.0/16', // link-local: metadata of AWS, Azure, Google, DigitalOcean, Oracle and others
      '100.100.100.200/32', // metadata of Alibaba Cloud
      '168.63.129.16/32', // Azure's host agent
      '192.0.0.192/32', // metadata of Oracle Cloud, before it moved
      '224.0.0.0/4', // multicast
      '240.0.0.0/4', // reserved, with 255.255.255.255
    ],
    ipv6: [
      'fe80::/10', // link-local
      'ff00::/8', // multicast
      'fd00:ec2::/32', // metadata of AWS (::254), keys of its pods (::23), names and time
      'fd20:ce::254/128', // metadata of Google Cloud
      'fd00:42::42/128', // metadata of Scaleway
    ],
  },
  'this-computer': { ipv4: ['127.0.0.0/8', '0.0.0.0/8'], ipv6: ['::1/128', '::/128'] },
  'own-network': {
    ipv4: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'],
    ipv6: ['fc00::/7', 'fec0::/10'],
  },
}

const lists = (['refused', 'this-computer', 'own-network'] as const).map((reach) => {
  const list = new BlockList()
  for (const family of ['ipv4', 'ipv6'] as const) {
    for (const range of RANGES[reach][family]) {
      const [network = '', bits] = range.split('/')
      list.addSubnet(network, Number(bits), family)
    }
  }
  return { reach, list }
})

/**
 * Where an IP address leads, however it is spelled: an IPv4 address that is carried inside an IPv6 one is judged too, and the nearer
 * of both counts. Text that is no IP address is `refused`.
 */
export function reachOf(address: string): Reach {
  const [bare = ''] = address.replace(/^\[|\]$/g, '').split('%')
  if (isIPv4(bare)) return inList(bare, 'ipv4')
  if (!isIPv6(bare)) return 'refused'
  return nearest([inList(bare, 'ipv6'), ...carriedAddresses(groupsOf(bare)).map((one) => inList(one, 'ipv4'))])
}

/** Where the host of an address leads, as far as it can be told without asking for its name; null for other names. */
export function reachOfHost(hostname: string): Reach | null {
  const known = judged.get(hostname)
  if (known !== undefined) return known
  const reach = judge(hostname)
  // A zap calls few hosts, each of them often; one that makes names up must not fill the memory.
  if (judged.size >= MAX_JUDGED) judged.clear()
  judged.set(hostname, reach)
  return reach
}

const judged = new Map<string, Reach | null>()
const MAX_JUDGED = 500

function judge(hostname: string): Reach | null {
  const name = hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
  if (isIPv4(name) || isIPv6(name)) return reachOf(name)
  if (name === 'localhost' || name.endsWith('.localhost')) return 'this-computer'
  // Names that no public server has: of one word, and those set aside for home and office networks (RFC 6762, 8375, 9476).
  const isLocal = !name.includes('.') || /\.(local|internal|intranet|lan|home|corp|home\.arpa)$/.test(name)
  return isLocal ? 'own-network' : null
}

/** Whether a host, as `name[:port]`, is on this computer or in one's own network as far as its name tells. */
export function isLocalHost(host: string): boolean {
  const reach = reachOfHost(host.replace(/:\d+$/, ''))
  return reach === 'this-computer' || reach === 'own-network'
}

function inList(address: string, family: 'ipv4' | 'ipv6'): Reach {
  return lists.find(({ list }) => list.check(address, family))?.reach ?? 'internet'
}

function nearest(reaches: readonly Reach[]): Reach {
  return reaches.reduce((nearer, reach) => (ORDER.indexOf(reach) > ORDER.indexOf(nearer) ? reach : nearer))
}

/** The eight groups of a valid IPv6 address without a zone. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::')
  const front = parseGroups(head)
  if (tail === undefined) return front
  const back = parseGroups(tail)
  return [...front, ...new Array<number>(8 - front.length - back.length).fill(0), ...back]
}

function parseGroups(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
    return [a * 256 + b, c * 256 + d]
  })
}

/** The IPv4 addresses that an IPv6 address carries, by the ways of carrying them that have been standardised. */
function carriedAddresses(groups: readonly number[]): string[] {
  const at = (index: number): number => groups[index] ?? 0
  const address = (high: number, low: number): string => [high >> 8, high & 255, low >> 8, low & 255].join('.')
  const isZero = (from: number, to: number): boolean => groups.slice(from, to).every((group) => group === 0)
  const last = address(at(6), at(7))

  // Compatible (RFC 4291), but `::` and `::1` are no such thing.
  if (isZero(0, 6)) return at(6) === 0 ? [] : [last]
  // Mapped (RFC 4291), and translated (RFC 2765).
  if (isZero(0, 5) && at(5) === 0xffff) return [last]
  if (isZero(0, 4) && at(4) === 0xffff && at(5) === 0) return [last]
  // NAT64 (RFC 6052).
  if (at(0) === 0x64 && at(1) === 0xff9b && isZero(2, 6)) return [last]
  if (at(0) === 0x64 && at(1) === 0xff9b && at(2) === 1) {
    // Of one's own (RFC 8215): the address may lie behind 48, 56, 64 or 96 bits, around the byte that is always zero.
    const behind48 = address(at(3), ((at(4) & 255) << 8) | (at(5) >> 8))
    const behind56 = address(((at(3) & 255) << 8) | (at(4) & 255), at(5))
    const behind64 = address(((at(4) & 255) << 8) | (at(5) >> 8), ((at(5) & 255) << 8) | (at(6) >> 8))
    return [behind48, behind56, behind64, last].filter((one) => !one.startsWith('0.'))
  }
  // 6to4 (RFC 3056).
  if (at(0) === 0x2002) return [address(at(1), at(2))]
  // Teredo (RFC 4380): its server, and the client with every bit turned round.
  if (at(0) === 0x2001 && at(1) === 0) return [address(at(2), at(3)), address(at(6) ^ 0xffff, at(7) ^ 0xffff)]
  // ISATAP (RFC 5214).
  if ((at(4) & 0xfdff) === 0 && at(5) === 0x5efe) return [last]
  return []
}
