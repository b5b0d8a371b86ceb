// `npm run logos`: writes the logo of every app below core/connectors/apps, from simple-icons (CC0), as `logo.ts` beside it. Run it when an app is new.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as simpleIcons from 'simple-icons'
import { z } from 'zod'

const APPS = join(import.meta.dirname, '..', 'core', 'connectors', 'apps')

/** Apps whose icon has another name there. */
const SLUGS: Readonly<Record<string, string>> = {
  'home-assistant': 'homeassistant',
  'paperless-ngx': 'paperlessngx',
  'facebook-pages': 'facebook',
  woocommerce: 'woo',
  gemini: 'googlegemini',
}
/** Brands that simple-icons does not have: their first letter stands for them, never an imitation. The colour is the brand's. */
const LETTERS: Readonly<Record<string, string>> = {
  slack: '#4A154B',
  linkedin: '#0A66C2',
  monday: '#6161FF',
  nocodb: '#4351E8',
  openai: '#10A37F',
  pipedrive: '#017737',
  postmark: '#FFDE00',
  pushover: '#249DF1',
  raindrop: '#0087EA',
  salesforce: '#00A1E0',
  sendgrid: '#1A82E2',
  twilio: '#F22F46',
  'microsoft-outlook': '#0078D4',
  'microsoft-teams': '#6264A7',
  'microsoft-excel': '#217346',
  'microsoft-onedrive': '#0078D4',
  'microsoft-calendar': '#0078D4',
  groq: '#F55036',
  openrouter: '#6467F2',
  gotify: '#71CAEE',
  miniflux: '#3D3D3D',
  readwise: '#FFE600',
  'open-meteo': '#F28C00',
  pinecone: '#1C17FF',
}

const iconSchema = z.object({ slug: z.string(), hex: z.string(), path: z.string(), title: z.string() })
const icons = new Map(
  Object.values(simpleIcons).flatMap((one) => {
    const icon = iconSchema.safeParse(one).data
    return icon === undefined ? [] : [[icon.slug, icon] as const]
  }),
)

/** Hue and chroma of a colour in OKLCH (https://bottosson.github.io/posts/oklab/). */
function hueOf(hex: string): number | null {
  const [r = 0, g = 0, b = 0] = [0, 2, 4].map((from) => {
    const value = Number.parseInt(hex.replace('#', '').slice(from, from + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  const x = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s
  const y = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
  // Grey, black and white have no hue.
  if (Math.hypot(x, y) < 0.03) return null
  return Math.round(((Math.atan2(y, x) * 180) / Math.PI + 360) % 360)
}

function logoOf(id: string): { svg: string; hue: number | null } {
  const icon = icons.get(SLUGS[id] ?? id.replaceAll('-', ''))
  if (icon !== undefined) {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="currentColor"><path d="${icon.path}"/></svg>`
    return { svg, hue: hueOf(icon.hex) }
  }
  const letter = (id.split('-').at(-1) ?? id).slice(0, 1).toUpperCase()
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="currentColor"><text x="12" y="18.5" text-anchor="middle" font-family="Inter,system-ui,sans-serif" font-weight="700" font-size="19">${letter}</text></svg>`
  return { svg, hue: hueOf(LETTERS[id] ?? '#5B6B73') }
}

for (const id of readdirSync(APPS)) {
  const declared = join(APPS, id, `${id}.app.ts`)
  if (!existsSync(declared) || !readFileSync(declared, 'utf8').includes("'./logo.ts'")) continue
  const { svg, hue } = logoOf(id)
  const lines = [
    '// Made by "npm run logos" of simple-icons (CC0).',
    `export const icon =\n  '${svg}'`,
    `export const hue = ${hue}`,
  ]
  writeFileSync(join(APPS, id, 'logo.ts'), `${lines.join('\n')}\n`)
}
