import { expect, test } from 'vitest'
import { isLoopback, readAddressList } from './address-list.ts'

test('a list has its addresses and what lies in its ranges, however a socket writes them', () => {
  const list = readAddressList(['203.0.113.7', '10.0.0.0/8', '2001:db8::/32'])
  for (const address of ['203.0.113.7', '::ffff:203.0.113.7', '10.255.0.1', '2001:db8:1::1']) {
    expect(list.has(address), address).toBe(true)
  }
  for (const address of ['203.0.113.8', '11.0.0.1', '2001:db9::1', '', 'unknown', '203.0.113.7.example']) {
    expect(list.has(address), address).toBe(false)
  }
})

test("this computer's own address is known", () => {
  expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'].every(isLoopback)).toBe(true)
  expect(['10.0.0.1', '::2', '128.0.0.1'].some(isLoopback)).toBe(false)
})
