import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reachOf, reachOfHost } from './network-address.ts'

describe('where an address leads', () => {
  it.each([
    ['169.254.169.254', 'refused'],
    ['169.254.0.1', 'refused'],
    ['100.100.100.200', 'refused'],
    ['168.63.129.16', 'refused'],
    ['192.0.0.192', 'refused'],
    ['224.0.0.1', 'refused'],
    ['240.0.0.1', 'refused'],
    ['255.255.255.255', 'refused'],
    ['fe80::1', 'refused'],
    ['fe80::1%eth0', 'refused'],
    ['fd00:ec2::254', 'refused'],
    ['FD00:0EC2:0:0:0:0:0:0254', 'refused'],
    ['fd00:ec2::23', 'refused'],
    ['fd20:ce::254', 'refused'],
    ['ff02::1', 'refused'],
    ['no address', 'refused'],
    ['127.0.0.1', 'this-computer'],
    ['127.8.9.1', 'this-computer'],
    ['0.0.0.0', 'this-computer'],
    ['::1', 'this-computer'],
    ['::', 'this-computer'],
    ['::ffff:127.0.0.1', 'this-computer'],
    ['192.168.1.7', 'own-network'],
    ['10.0.0.1', 'own-network'],
    ['172.31.0.1', 'own-network'],
    ['100.64.0.1', 'own-network'],
    ['fd12:3456::1', 'own-network'],
    ['fec0::1', 'own-network'],
    ['93.184.216.34', 'internet'],
    ['172.32.0.1', 'internet'],
    ['168.63.129.17', 'internet'],
    ['2606:2800:220:1::1', 'internet'],
    ['64:ff9b::93.184.216.34', 'internet'],
    ['2002:5db8:d822::1', 'internet'],
  ])('%s: %s', (address, reach) => {
    expect(reachOf(address)).toBe(reach)
  })

  const order = ['internet', 'own-network', 'this-computer', 'refused']
  const octet = fc.integer({ min: 0, max: 255 })
  const hex = (high: number, low: number): string => ((high << 8) | low).toString(16)

  /** The ways in which IPv6 carries an IPv4 address. */
  const carriers: Readonly<Record<string, (a: number, b: number, c: number, d: number) => string>> = {
    mapped: (a, b, c, d) => `::ffff:${a}.${b}.${c}.${d}`,
    'mapped, in hex': (a, b, c, d) => `0:0:0:0:0:FFFF:${hex(a, b)}:${hex(c, d)}`,
    compatible: (a, b, c, d) => `::${a}.${b}.${c}.${d}`,
    translated: (a, b, c, d) => `::ffff:0:${hex(a, b)}:${hex(c, d)}`,
    NAT64: (a, b, c, d) => `64:ff9b::${a}.${b}.${c}.${d}`,
    'NAT64 of one’s own, 96 bits': (a, b, c, d) => `64:ff9b:1::${hex(a, b)}:${hex(c, d)}`,
    'NAT64 of one’s own, 48 bits': (a, b, c, d) => `64:ff9b:1:${hex(a, b)}:${hex(0, c)}:${hex(d, 0)}::`,
    'NAT64 of one’s own, 56 bits': (a, b, c, d) => `64:ff9b:1:${hex(0, a)}:${hex(0, b)}:${hex(c, d)}::`,
    'NAT64 of one’s own, 64 bits': (a, b, c, d) => `64:ff9b:1:0:${hex(0, a)}:${hex(b, c)}:${hex(d, 0)}:0`,
    '6to4': (a, b, c, d) => `2002:${hex(a, b)}:${hex(c, d)}::1`,
    'Teredo server': (a, b, c, d) => `2001:0:${hex(a, b)}:${hex(c, d)}:0:0:fefe:fefe`,
    'Teredo client': (a, b, c, d) => `2001:0:808:808:0:0:${hex(255 - a, 255 - b)}:${hex(255 - c, 255 - d)}`,
    ISATAP: (a, b, c, d) => `2606:2800::200:5efe:${hex(a, b)}:${hex(c, d)}`,
  }

  it.each(Object.entries(carriers))(
    'an address that is carried as %s is no farther than it is by itself',
    (_way, carry) => {
      const nearOnes = fc.oneof(
        fc.constantFrom([169, 254, 169, 254] as const, [100, 100, 100, 200] as const, [168, 63, 129, 16] as const),
        fc.tuple(fc.constantFrom(10, 127, 224), octet, octet, fc.integer({ min: 1, max: 255 })),
      )
      fc.assert(
        fc.property(nearOnes, (bytes) => {
          const [a, b, c, d] = bytes
          expect(order.indexOf(reachOf(carry(a, b, c, d)))).toBeGreaterThanOrEqual(
            order.indexOf(reachOf(`${a}.${b}.${c}.${d}`)),
          )
        }),
      )
    },
  )

  it('an address is judged alike in all of its spellings', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }), (groups) => {
        const written = groups.map((group) => group.toString(16).padStart(4, '0')).join(':')
        const short = new URL(`http://[${written}]/`).hostname
        expect(reachOf(written.toUpperCase())).toBe(reachOf(short))
        expect(reachOf(`${written}%lo`)).toBe(reachOf(short))
      }),
    )
  })

  it.each([
    'http://0xa9fea9fe/',
    'http://2852039166/',
    'http://0251.0376.0251.0376/',
    'http://169.254.43518/',
    'http://169.254.169.254./',
    'http://①⑥⑨.254.169.254/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[64:ff9b::a9fe:a9fe]/',
  ])('%s is refused, however it is spelled', (address) => {
    expect(reachOfHost(new URL(address).hostname)).toBe('refused')
  })

  it.each([
    ['localhost', 'this-computer'],
    ['LOCALHOST.', 'this-computer'],
    ['api.localhost', 'this-computer'],
    ['nas', 'own-network'],
    ['printer.local', 'own-network'],
    ['git.home.arpa', 'own-network'],
    ['example.com', null],
    ['localhost.example.com', null],
  ])('the name %s: %s', (name, reach) => {
    expect(reachOfHost(name)).toBe(reach)
  })
})
