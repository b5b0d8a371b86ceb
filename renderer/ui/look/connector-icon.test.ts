import { expect, test } from 'vitest'
import { allConnectors } from '../../../core/connectors/test-catalogue.ts'
import { ICONS } from './connector-icon.tsx'

test.each((await allConnectors()).map(({ id, icon }) => [id, icon]))(
  '%s has an icon that can be drawn',
  (_id, icon) => {
    const picture = /^data:image\/svg\+xml,(.*)$/.exec(icon)?.[1]
    if (picture === undefined) return expect(Object.keys(ICONS)).toContain(icon)
    const svg = decodeURIComponent(picture)
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="[^"]+"[^>]*>.*<\/svg>$/s)
    // A picture draws shapes; anything else would be missing on the screen, or be asked for elsewhere.
    expect(svg).not.toMatch(/<(script|style|image|use|foreignObject)|\bon\w+=|href=|url\(|currentColor/i)
    expect(svg.length).toBeLessThan(8_000)
  },
)
