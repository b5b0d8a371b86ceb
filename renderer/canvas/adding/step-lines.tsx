import type { ReactNode } from 'react'
import type { ConnectorManifest } from '../../../core/contract/connector-manifest.ts'
import type { StepPreset } from '../../draft/operations/insert-steps.ts'
import { MarkedText } from '../../steps/marked-text.tsx'
import { AppLogo } from '../../ui/look/app-logo.tsx'
import { classNames } from '../../ui/look/class-names.ts'
import { ConnectorIcon } from '../../ui/look/connector-icon.tsx'
import type { PaletteDrag } from './use-palette-drag.tsx'

/** What the lines of the palette share: how a step of one is added, and dragged. */
export type LineContext = {
  readonly drag: PaletteDrag
  /** What was searched for, to be marked in the titles. */
  readonly search: string
  add(connector: ConnectorManifest, preset?: StepPreset, keepsFocus?: boolean): void
}

/** A step that is to be chosen, and what a new one has already. */
export type StepChoice = {
  readonly connector: ConnectorManifest
  /** In place of its title. */
  readonly title?: string
  readonly detail: string | null
  /** At the right, in place of a second line. */
  readonly aside?: string | undefined
  readonly icon?: ReactNode
  readonly preset?: StepPreset | undefined
}

/** A heading with lines of steps below, each to be clicked or dragged onto the canvas. */
export function StepLines({
  title,
  note,
  choices,
  isFirstReached = false,
  lines,
}: {
  title: string
  note?: string
  choices: readonly StepChoice[]
  /** Whether Enter in the search takes the first of them. */
  isFirstReached?: boolean
  lines: LineContext
}) {
  if (choices.length === 0) return null
  return (
    <section aria-label={title}>
      <h2 className="flex justify-between px-2 pt-3 pb-1 text-xs font-medium text-ink-faint">
        {title}
        {note !== undefined && <span className="font-normal">{note}</span>}
      </h2>
      {/* What is below the fold is laid out when it is scrolled to. */}
      <ul className="[&>li:nth-child(n+20)]:[content-visibility:auto] [&>li:nth-child(n+20)]:[contain-intrinsic-height:auto_44px]">
        {choices.map((choice, index) => (
          <StepLine
            key={`${choice.connector.id} ${JSON.stringify(choice.preset?.input?.operation ?? choice.title ?? '')}`}
            choice={choice}
            lines={lines}
            isTabStop={index === 0}
            isReached={isFirstReached && index === 0}
          />
        ))}
      </ul>
    </section>
  )
}

function StepLine({
  choice: { connector, title = connector.title, detail, aside, icon, preset },
  lines: { drag, search, add },
  isTabStop,
  isReached,
}: {
  choice: StepChoice
  lines: LineContext
  isTabStop: boolean
  isReached: boolean
}) {
  const size = detail === null ? 20 : 28
  return (
    <li
      title={connector.description}
      className={classNames(
        'relative flex gap-2 rounded px-2 transition-colors select-none hover:bg-hover has-active:bg-press',
        detail === null ? 'items-center py-1' : 'items-start py-1.5',
        isReached && 'bg-hover',
      )}
    >
      {icon ??
        (connector.app === undefined ? (
          <ConnectorIcon
            icon={connector.icon}
            category={connector.category}
            size={size}
            {...(connector.kind === 'trigger' && { className: 'rounded-full!' })}
          />
        ) : (
          <AppLogo icon={connector.icon} title={connector.app} size={size} />
        ))}
      <span className="min-w-0 flex-1">
        {/* The button is named by the title alone, and its click area is the whole line. */}
        <button
          type="button"
          data-walk
          tabIndex={isTabStop ? 0 : -1}
          className="block w-full touch-none text-left leading-4 font-medium text-ink after:absolute after:inset-0 after:rounded focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-ring"
          onPointerDown={(event) => drag.begin(event, connector, preset)}
          onClick={() => {
            if (!drag.justDropped()) add(connector, preset)
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
            event.preventDefault()
            add(connector, preset, true)
          }}
        >
          <MarkedText text={title} search={search} />
        </button>
        {detail !== null && <span className="line-clamp-2 text-xs leading-3.5 text-ink-faint">{detail}</span>}
      </span>
      {aside !== undefined && <span className="max-w-24 shrink-0 truncate text-xs text-ink-faint">{aside}</span>}
    </li>
  )
}
