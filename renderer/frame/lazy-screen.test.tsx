import { type ComponentType, Suspense } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { lazyScreen } from './lazy-screen.tsx'

const Greeting = ({ name }: { name: string }) => <p>Hello {name}</p>

function shown(Screen: ComponentType<{ name: string }>): string {
  return renderToString(
    <Suspense fallback="Opening">
      <Screen name="Ada" />
    </Suspense>,
  )
}

test('a screen that was never asked for is waited for', () => {
  const Screen = lazyScreen(async () => Greeting)
  expect(shown(Screen)).toContain('Opening')
})

test('a preloaded screen shows at once, and is loaded once however often it is asked for', async () => {
  let loads = 0
  const Screen = lazyScreen(async () => {
    loads += 1
    return Greeting
  })
  await Promise.all([Screen.preload(), Screen.preload()])
  expect(shown(Screen)).toMatch(/Hello.*Ada/)
  expect(shown(Screen)).not.toContain('Opening')
  expect(loads).toBe(1)
})

test('a screen that could not be loaded is loaded again by the next who asks', async () => {
  let loads = 0
  const Screen = lazyScreen(async () => {
    loads += 1
    if (loads === 1) throw new Error('the host is away')
    return Greeting
  })
  await expect(Screen.preload()).rejects.toThrow('the host is away')
  await Screen.preload()
  expect(shown(Screen)).toMatch(/Hello.*Ada/)
})

test('what a screen needs beside its code is asked for when it is opened, before the code is there', () => {
  const names: string[] = []
  const Screen = lazyScreen(
    async () => Greeting,
    ({ name }) => names.push(name),
  )
  expect(shown(Screen)).toContain('Opening')
  expect(names).toEqual(['Ada'])
})
