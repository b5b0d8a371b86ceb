import type { ConnectorManifest } from '../../core/contract/connector-manifest.ts'
import { keysOf, useBindings } from '../commands/bindings.ts'
import { ZAP_COMMANDS } from '../draft/commands/commands.ts'
import { useConnectors } from '../queries/connectors.ts'
import { Kbd } from '../ui/controls/kbd.tsx'
import { ConnectorIcon } from '../ui/look/connector-icon.tsx'

/** What most zaps begin with; the other triggers stand in the palette. */
const OFTEN = ['webhook.catch', 'schedule.cron', 'form.submitted', 'file.watch', 'manual.run'] as const

/** What a zap without steps shows: the ways in which it can begin. */
export function EmptyCanvas({ onAdd }: { onAdd(connector: ConnectorManifest): void }) {
  // Tab adds a step only where a card has the focus.
  const search = useBindings(({ bindings }) => keysOf(ZAP_COMMANDS.add, bindings).find((chord) => chord !== 'Tab'))
  const connectors = useConnectors()
  const triggers = OFTEN.flatMap((id) => connectors.get(id) ?? [])
  return (
    <div className="pointer-events-none absolute inset-0 z-10 flex items-center justify-center p-6">
      <div className="pointer-events-auto w-full max-w-105">
        <h2 className="text-center text-lg font-semibold text-ink">Start with a trigger</h2>
        <p className="mt-0.5 mb-4 text-center text-ink-soft">What should set this zap off?</p>
        <ul className="flex flex-col gap-2">
          {triggers.map((trigger) => (
            <li key={trigger.id}>
              <button
                type="button"
                className="flex w-full items-center gap-3 rounded-l-[32px] rounded-r-lg border border-line-strong bg-surface py-3 pr-4 pl-3 text-left shadow-card transition-colors hover:border-accent"
                onClick={() => onAdd(trigger)}
              >
                <ConnectorIcon icon={trigger.icon} category={trigger.category} size={40} className="rounded-full!" />
                <span className="min-w-0">
                  <span className="block font-semibold text-ink">{trigger.title}</span>
                  <span className="block text-sm text-ink-soft">{trigger.description}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
        {search !== undefined && (
          <p className="mt-4 text-center text-sm text-ink-soft">
            Others are in the palette. Or press <Kbd keys={search} /> and type what you are looking for.
          </p>
        )}
      </div>
    </div>
  )
}
