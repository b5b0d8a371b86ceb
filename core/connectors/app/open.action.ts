import { z } from 'zod'
import type { OpenTarget } from '../../domain/host/desktop.ts'
import { StepError } from '../../domain/runs/step-error.ts'
import type { Touch } from '../../domain/trust/permissions.ts'
import { fileTouch, hostTouches, programTouch } from '../../domain/trust/touches.ts'
import { type Json, textOf } from '../../domain/values/json.ts'
import { defineLogic } from '../define.ts'

/** Addresses that every browser or mail program opens, and that do nothing else. */
const HARMLESS = /^(?:https?|mailto|tel|sms):/i
const SCHEME = /^([a-z][a-z0-9+.-]{1,30}):/i
/** Addresses that run something, or look into this computer. */
const REFUSED = /^(?:javascript|data|vbscript|file|about|chrome|blob|shell|search-ms|ms-[a-z-]+|hookline)$/i
/** Files that run when they are opened. */
const RUNS =
  /\.(?:exe|com|bat|cmd|ps1|msi|msp|scr|pif|lnk|url|vbs|vbe|js|jse|wsf|wsh|hta|cpl|jar|reg|desktop|appimage|sh|bash|zsh|csh|command|tool|workflow|app|pkg|dmg|deb|rpm|run|py|pl|rb|php|scpt|terminal|inf|msc|gadget|application|appref-ms|settingcontent-ms|chm)$/i
const APP_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u

/** What a written target is: `address`, `link` (of an app's own), `file` or `app`. Null for none of them. */
function kindOf(target: string): 'address' | 'link' | 'file' | 'app' | null {
  if (HARMLESS.test(target)) return 'address'
  // One letter is a drive.
  if (SCHEME.test(target)) return 'link'
  if (/[\\/]/.test(target) || /\.[A-Za-z0-9]{1,12}[\s.]*$/.test(target)) return 'file'
  return APP_NAME.test(target) ? 'app' : null
}

function touchesOf(target: Json | undefined): Touch[] {
  if (typeof target !== 'string' || target.trim() === '') return []
  const written = target.trim()
  switch (kindOf(written)) {
    case 'address':
      return /^https?:/i.test(written) ? hostTouches(written, 'writes') : []
    case 'file':
      return fileTouch(written, 'reads')
    case 'link':
    case 'app':
      return programTouch([written])
    case null:
      // What comes as a value is an address or a file: an app is written.
      return [...hostTouches(written, 'writes'), ...fileTouch(written, 'reads')]
  }
}

/** Opens an address, a file or an app on the desktop of this computer. */
export const appOpen = defineLogic({
  id: 'app.open',
  title: 'Open',
  description: 'Opens a web page, a file or an app on your desktop.',
  keywords: ['open', 'launch', 'start app', 'open url', 'open browser', 'open file', 'run app', 'show web page'],
  icon: 'app-window',
  category: 'notify',
  summary: '{target}',
  desktop: 'open',
  // What is open already is brought to the front.
  effect: 'idempotent',
  timeoutMs: 15_000,
  // Which kind of thing is opened is what the person wrote, and not what came from outside.
  templates: 'own',
  touches: ({ target }) => touchesOf(target),
  input: z.strictObject({
    target: z
      .string()
      .min(1, { error: 'needs an address, a file or the name of an app' })
      .max(4_096)
      .meta({
        title: 'What',
        description: 'An address such as https://example.com, a file in an allowed folder, or an app by its name.',
        ui: { widget: 'template', placeholder: 'https://example.com/orders/{{ hook.body.id }}' },
      }),
  }),
  output: z.object({ target: z.string(), kind: z.enum(['address', 'file', 'app']) }),
  sample: { target: 'https://example.com', kind: 'address' },
  async run({ input, render, files, desktop }) {
    const written = input.target.trim()
    const target = textOf(render(input.target) ?? '').trim()
    const opened = await whatIs(target, written, async (path) => {
      const info = await files.info(path)
      if ('missing' in info)
        throw refused('no-file', `There is no file "${path}" (looked for at ${info.path}): check its name.`)
      return info.path
    })
    await desktop.open(opened)
    return {
      output: { target: opened.kind === 'file' ? opened.path : target, kind: opened.kind },
      shownInput: { target },
    }
  },
})

async function whatIs(target: string, written: string, find: (path: string) => Promise<string>): Promise<OpenTarget> {
  const kind = kindOf(target)
  switch (kind) {
    case 'address':
      if (!URL.canParse(target)) throw refused('bad-input', `"${target.slice(0, 200)}" is no address.`)
      return { kind: 'address', url: new URL(target).href }
    case 'link': {
      const scheme = SCHEME.exec(target)?.[1] ?? ''
      if (REFUSED.test(scheme)) {
        throw refused(
          'not-opened',
          `An address that begins with "${scheme}:" is not opened, as it may run something. Use "Run a program" where that is meant.`,
        )
      }
      if (!written.toLowerCase().startsWith(`${scheme.toLowerCase()}:`)) {
        throw refused(
          'not-opened',
          `"${scheme}:" came with a value from outside, which must not choose the app that is opened: write "${scheme}:" into the field itself.`,
        )
      }
      return { kind: 'address', url: target }
    }
    case 'file': {
      if (RUNS.test(withoutEnd(target))) {
        throw refused(
          'not-opened',
          `"${target.slice(0, 200)}" would be run, not shown. Use "Run a program" where that is meant.`,
        )
      }
      const path = await find(target)
      // A link may lead to what runs.
      if (RUNS.test(path))
        throw refused('not-opened', `"${target.slice(0, 200)}" leads to a program, which is not run by this step.`)
      return { kind: 'file', path }
    }
    case 'app':
      if (target !== written) {
        throw refused(
          'not-opened',
          `The app "${target}" came with a value from outside, which must not choose what is started: write its name into the field itself.`,
        )
      }
      return { kind: 'app', name: target }
    case null:
      throw refused('bad-input', `"${target.slice(0, 200)}" is no address, no file and no name of an app.`)
  }
}

const refused = (code: string, message: string): StepError => new StepError({ code, message, retryable: false })

/** A name without blanks and dots at its end, which Windows leaves out. */
function withoutEnd(name: string): string {
  let end = name.length
  while (end > 0 && /[\s.]/.test(name.charAt(end - 1))) end--
  return name.slice(0, end)
}
