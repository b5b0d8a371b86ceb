import { expect, it } from 'vitest'
import { tunnelWaySchema } from '../../core/contract/values.ts'
import { textsOfWay, WAYS, wayOfTexts } from './tunnel-ways.ts'

it('offers every way that there is, each with the fields that it takes', () => {
  const shapes = new Map(tunnelWaySchema.options.map(({ shape }) => [shape.provider.value, Object.keys(shape)]))
  expect(WAYS.map((way) => way.provider).sort()).toEqual([...shapes.keys()].sort())
  for (const { provider, fields } of WAYS) {
    expect([...fields.map((field) => field.name), 'provider'].sort()).toEqual(shapes.get(provider)?.toSorted())
  }
})

it('reads what was written, and writes it again', () => {
  const way = tunnelWaySchema.parse(
    wayOfTexts('ssh', { host: ' example.com ', port: '2222', user: '', url: 'https://a.b/' }),
  )
  expect(way).toEqual({ provider: 'ssh', host: 'example.com', port: 2222, remotePort: 8080, url: 'https://a.b' })
  expect(tunnelWaySchema.parse(wayOfTexts('ssh', textsOfWay(way)))).toEqual(way)
})
