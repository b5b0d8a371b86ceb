import { useMemo, useState } from 'react'
import type { Json } from '../../core/domain/values/json.ts'
import type { ZapFile } from '../../core/domain/zap/zap-file.ts'
import type { Overlay } from '../canvas/flow-graph.ts'
import { StillCanvas } from '../canvas/still-canvas.tsx'
import { useConnectors } from '../queries/connectors.ts'
import { Tabs } from '../ui/controls/tabs.tsx'
import { JsonView } from '../ui/json/json-view.tsx'
import { ConnectorIcon } from '../ui/look/connector-icon.tsx'
import { formatBytes } from '../ui/words/format-bytes.ts'

type View = 'picture' | 'steps' | 'file'

const NOTHING_OVER_IT: Overlay = { problems: [], webhooks: [], runs: new Map(), live: false }
const CARD = 'flex min-h-0 flex-col overflow-hidden rounded-lg border border-line bg-surface shadow-card'

/** What a zap is: its picture, its steps with every setting, and the file as it is written. */
export function ZapContents({
  zap,
  selected,
  onSelect,
}: {
  zap: ZapFile
  selected: string | null
  onSelect: (step: string | null) => void
}) {
  const [view, setView] = useState<View>('picture')
  const text = useMemo(() => JSON.stringify(zap, null, 2), [zap])
  const count = zap.steps.length
  return (
    <section aria-label="What it is" className={`${CARD} h-full max-[900px]:h-[560px]`}>
      <header className="shrink-0 border-b border-line px-4 py-3">
        <h2 className="truncate text-lg font-semibold">{zap.name}</h2>
        <p className="text-ink-faint">
          {count === 1 ? '1 step' : `${count} steps`} · {formatBytes(text.length)}
        </p>
        {zap.description !== undefined && <p className="mt-1 line-clamp-3 text-ink-soft">{zap.description}</p>}
      </header>
      <Tabs<View>
        label={`Views of ${zap.name}`}
        look="segments"
        value={view}
        onChange={setView}
        tabs={[
          {
            value: 'picture',
            label: 'Picture',
            content: (
              <div className="flex h-full min-h-0 flex-col pt-3">
                <div className="relative min-h-40 flex-1 border-t border-line">
                  <StillCanvas
                    zap={zap}
                    overlay={NOTHING_OVER_IT}
                    label={`Picture of ${zap.name}`}
                    selected={selected}
                    onSelect={onSelect}
                  />
                </div>
                {selected !== null && (
                  <div className="max-h-[45%] shrink-0 overflow-y-auto border-t border-line p-3">
                    <StepSettings zap={zap} id={selected} />
                  </div>
                )}
              </div>
            ),
          },
          {
            value: 'steps',
            label: 'Steps',
            content: (
              <ul aria-label="Steps" className="flex flex-col gap-4 p-4">
                {zap.steps.map(({ id }) => (
                  <li key={id}>
                    <StepSettings zap={zap} id={id} />
                  </li>
                ))}
              </ul>
            ),
          },
          {
            value: 'file',
            label: 'File',
            content: <FileText text={text} />,
          },
        ]}
      />
    </section>
  )
}

function StepSettings({ zap, id }: { zap: ZapFile; id: string }) {
  const connectors = useConnectors()
  const step = zap.steps.find((one) => one.id === id)
  if (step === undefined) return null
  const connector = connectors.get(step.uses)
  const { input, settings } = step
  // As it stands in the file: what is absent is left out.
  const value: Json = settings === undefined ? input : JSON.parse(JSON.stringify({ ...input, settings }))
  return (
    <article aria-label={step.name ?? step.id}>
      <h3 className="flex items-center gap-2 pb-1.5">
        <ConnectorIcon icon={connector?.icon} category={connector?.category} size={22} />
        <span className="truncate font-semibold">{step.name ?? connector?.title ?? step.id}</span>
        <span className="truncate text-ink-faint">
          {step.name === undefined ? step.id : (connector?.title ?? step.uses)}
        </span>
      </h3>
      <JsonView value={value} label="Settings" />
    </article>
  )
}

/** The file with the numbers of its lines. */
function FileText({ text }: { text: string }) {
  const lines = useMemo(() => text.split('\n'), [text])
  return (
    <pre className="flex min-w-max gap-3 p-4 font-mono text-sm leading-5">
      <code aria-hidden className="shrink-0 text-right text-ink-faint select-none">
        {lines.map((_, at) => at + 1).join('\n')}
      </code>
      <code>{text}</code>
    </pre>
  )
}
