import { expect, it } from 'vitest'
import { findZap, zapOptions } from './zap-options.ts'

const zaps = [
  { id: 'zap_0002', name: 'Orders', status: 'enabled' as const },
  { id: 'zap_0001', name: 'Alarm', status: 'draft' as const },
]

it('offers zaps by name, and says which of them do not run', () => {
  expect(zapOptions(zaps, 'zap_0002', [])).toEqual([
    { value: 'zap_0001', label: 'Alarm (not published)' },
    { value: 'zap_0002', label: 'Orders (this zap)' },
  ])
})

it('keeps a chosen zap that is gone in sight', () => {
  expect(zapOptions(zaps, '', ['zap_9'])[0]).toEqual({ value: 'zap_9', label: 'zap_9 (not there)' })
  expect(zapOptions([], '', ['zap_9'])[0]?.label).toBe('zap_9')
})

it('finds a zap by its id before its name', () => {
  expect(findZap(zaps, 'zap_0001')?.name).toBe('Alarm')
  expect(findZap(zaps, 'Orders')?.id).toBe('zap_0002')
  expect(findZap(zaps, 'Nothing')).toBeUndefined()
})

it('tells zaps of one name apart', () => {
  const twins = [...zaps, { id: 'zap_0003', name: 'Orders', status: 'enabled' as const }]
  expect(zapOptions(twins, '', []).map((option) => option.label)).toContain('Orders (…0003)')
})
