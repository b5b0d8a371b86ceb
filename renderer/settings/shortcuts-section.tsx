import { RotateCcw } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { bind, commandOf, keysOf, resetBindings, useBindings } from '../commands/bindings.ts'
import { chordOf } from '../commands/chord.ts'
import { type AnyCommand, GROUPS } from '../commands/command.ts'
import { ALL_COMMANDS } from '../frame/all-commands.ts'
import { Button } from '../ui/controls/button.tsx'
import { Kbd } from '../ui/controls/kbd.tsx'
import { toast } from '../ui/layers/toast.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { Section } from '../ui/page/section.tsx'

/** Which keys do what, and others for them. */
export function ShortcutsSection() {
  const bindings = useBindings((state) => state.bindings)
  const [bound, setBound] = useState<string | null>(null)
  const isChanged = Object.keys(bindings).length > 0

  const take = (id: string, event: KeyboardEvent): void => {
    const chord = chordOf(event)
    if (chord === null) return
    setBound(null)
    // Tab goes on to the next button, as everywhere.
    if (event.key === 'Tab') return
    event.preventDefault()
    event.stopPropagation()
    // A press of Escape leaves things as they are.
    if (event.key === 'Escape') return
    const before = commandOf(chord, ALL_COMMANDS, bindings)
    bind(id, chord, ALL_COMMANDS)
    if (before !== undefined && before.id !== id) toast({ title: `"${before.title}" has these keys no more` })
  }
  return (
    <Section
      title="Keyboard shortcuts"
      description="Choose one, then press the keys that it should have. Kept in this window only."
      control={
        <Button icon={RotateCcw} disabled={!isChanged} onClick={resetBindings}>
          Reset all
        </Button>
      }
    >
      <div className="columns-2 gap-8">
        {GROUPS.map((group) => (
          <section key={group} aria-label={group} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 text-sm font-medium text-ink-faint">{group}</h3>
            <ul>
              {ALL_COMMANDS.filter((command) => command.group === group).map(({ id, title, ...command }) => (
                <li key={id} className="flex min-h-8 items-center justify-between gap-3">
                  <span className="min-w-0 truncate">{title}</span>
                  <button
                    type="button"
                    aria-label={`Keys of "${title}"`}
                    aria-pressed={bound === id}
                    onClick={() => setBound(bound === id ? null : id)}
                    onBlur={() => setBound(null)}
                    onKeyDown={(event) => bound === id && take(id, event)}
                    className={classNames(
                      'flex h-7 min-w-12 shrink-0 items-center justify-end gap-1.5 rounded border px-1.5 text-sm',
                      bound === id ? 'border-accent bg-accent-soft text-accent' : 'border-transparent hover:bg-hover',
                    )}
                  >
                    {bound === id ? 'Press keys…' : <Keys command={{ id, ...command }} />}
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Section>
  )
}

function Keys({ command }: { command: Pick<AnyCommand, 'id' | 'keys'> }) {
  const keys = useBindings(({ bindings }) => keysOf(command, bindings))
  if (keys.length === 0) return <span className="text-ink-faint">none</span>
  return keys.map((chord) => <Kbd key={chord} keys={chord} />)
}
