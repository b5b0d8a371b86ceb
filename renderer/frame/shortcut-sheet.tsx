import { Fragment } from 'react'
import { Link } from 'wouter'
import { keysOf, useBindings } from '../commands/bindings.ts'
import type { Chord } from '../commands/chord.ts'
import { GROUPS } from '../commands/command.ts'
import { hideShortcuts, useShortcutSheet } from '../commands/shortcut-sheet-store.ts'
import { Kbd } from '../ui/controls/kbd.tsx'
import { Dialog } from '../ui/layers/dialog.tsx'

import { ALL_COMMANDS, FIXED_SHORTCUTS } from './all-commands.ts'

/** The cheat sheet: every shortcut as it is bound now. */
export function ShortcutSheet() {
  const { isOpen } = useShortcutSheet()
  const bindings = useBindings((state) => state.bindings)
  return (
    <Dialog
      open={isOpen}
      onOpenChange={(open) => !open && hideShortcuts()}
      title="Keyboard shortcuts"
      description={
        <>
          Those of the canvas do nothing while you type in a field. Change them in{' '}
          <Link href="/settings" onClick={hideShortcuts} className="font-medium text-accent hover:underline">
            Settings
          </Link>
          .
        </>
      }
      width={1040}
    >
      <section
        data-reading
        aria-label="All shortcuts"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
        tabIndex={0}
        className="columns-3 gap-8 rounded outline-none"
      >
        {GROUPS.map((group) => (
          <section key={group} aria-label={group} className="mb-5 break-inside-avoid">
            <h3 className="mb-1 text-sm font-medium text-ink-faint">{group}</h3>
            <dl>
              {ALL_COMMANDS.filter((command) => command.group === group).map((command) => (
                <Line key={command.id} title={command.title} keys={keysOf(command, bindings)} />
              ))}
              {FIXED_SHORTCUTS.filter((one) => one.group === group).map(({ title, keys }) => (
                <Line key={title} title={title} keys={keys} />
              ))}
            </dl>
          </section>
        ))}
      </section>
    </Dialog>
  )
}

function Line({ title, keys }: { title: string; keys: readonly Chord[] }) {
  return (
    <div className="flex min-h-7 items-center justify-between gap-4">
      <dt className="text-ink">{title}</dt>
      <dd className="flex shrink-0 items-center gap-1.5">
        {keys.length === 0 && <span className="text-sm text-ink-faint">none</span>}
        {keys.map((chord, at) => (
          <Fragment key={chord}>
            {at > 0 && <span className="text-xs text-ink-faint">or</span>}
            <Kbd keys={chord} />
          </Fragment>
        ))}
      </dd>
    </div>
  )
}
