import { expect, test } from 'vitest'
import { refusalOfNode } from './node-version.ts'

test.each(['22.12.0', '22.20.1', '24.0.0', '26.1.0'])('Node.js %s is new enough', (version) => {
  expect(refusalOfNode(version)).toBeNull()
})

test.each(['20.20.2', '22.11.0', '18.0.0'])('Node.js %s is refused, with what to do', (version) => {
  expect(refusalOfNode(version)).toContain(version)
  expect(refusalOfNode(version)).toContain('npm start')
})
