import { BlockList, isIP } from 'node:net'

/** Addresses that may call: single ones, and ranges such as `10.0.0.0/8` or `2001:db8::/32`. */
export type AddressList = { has(address: string): boolean }

/** Reads a list of addresses and ranges, which must be such. */
export function readAddressList(ranges: readonly string[]): AddressList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return {
    has(address) {
      const plain = plainAddress(address)
      const family = isIP(plain)
      return family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6')
    },
  }
}

/** An address without the form in which IPv6 sockets write IPv4 ones. */
export function plainAddress(address: string): string {
  // Nearly every address is a plain one, and this is asked for every request.
  return address.startsWith('::') ? address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '') : address
}

/** Whether an address is this computer's own. */
export function isLoopback(address: string): boolean {
  const plain = plainAddress(address)
  // A name may begin like an address.
  return plain === '127.0.0.1' || plain === '::1' || (plain.startsWith('127.') && isIP(plain) === 4)
}
