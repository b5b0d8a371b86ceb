import { useMemo, useState } from 'react'
import type { Json } from '../../core/domain/values/json.ts'
import { CopyButton } from '../ui/controls/copy-button.tsx'
import { type Tab, Tabs } from '../ui/controls/tabs.tsx'
import { JsonView } from '../ui/json/json-view.tsx'
import { classNames } from '../ui/look/class-names.ts'
import { formatBytes } from '../ui/words/format-bytes.ts'
import { hexDump, utf8Of } from './body-text.ts'

/** Bytes that are shown in hexadecimal: more than a person reads. */
const HEX_BYTES = 4_096

type View = 'pretty' | 'raw' | 'hex'

/** A body as its sender sent it, in the ways in which one may want to look at it. It is never taken for HTML. */
export function BodyView({ body, bytes }: { body: Uint8Array; bytes: number }) {
  const isCut = body.length < bytes
  const text = useMemo(() => utf8Of(body, isCut), [body, isCut])
  const json = useMemo(() => (text === null || isCut ? undefined : parsed(text)), [text, isCut])
  const [chosen, setChosen] = useState<View | null>(null)
  if (bytes === 0) return <p className="p-4 text-ink-soft">It has no body.</p>
  const tabs: Tab<View>[] = [
    ...(json === undefined
      ? []
      : [
          {
            value: 'pretty' as const,
            label: 'Pretty',
            content: <JsonView value={json} label="Body" className="p-3" />,
          },
        ]),
    ...(text === null ? [] : [{ value: 'raw' as const, label: 'Raw', content: <Mono label="Raw body" text={text} /> }]),
    {
      value: 'hex',
      label: 'Hex',
      content: (
        <>
          <Mono label="Body in hexadecimal" text={hexDump(body.subarray(0, HEX_BYTES))} isFixed />
          {bytes > HEX_BYTES && <Cut shown={Math.min(HEX_BYTES, body.length)} of={bytes} />}
        </>
      ),
    },
  ]
  const view = tabs.find((tab) => tab.value === chosen)?.value ?? tabs[0]?.value ?? 'hex'
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Tabs
        label="Body"
        look="segments"
        value={view}
        onChange={setChosen}
        tabs={tabs}
        aside={
          <>
            <span className="text-sm text-ink-faint tabular-nums">{formatBytes(bytes)}</span>
            {text !== null && <CopyButton text={text} label="Copy the body" />}
          </>
        }
      />
      {isCut && view !== 'hex' && <Cut shown={body.length} of={bytes} />}
    </div>
  )
}

function Mono({ label, text, isFixed = false }: { label: string; text: string; isFixed?: boolean }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section tabIndex={0} aria-label={label} className="overflow-x-auto p-3">
      <pre className={classNames('font-mono text-sm leading-[20px]', !isFixed && 'break-words whitespace-pre-wrap')}>
        {text}
      </pre>
    </section>
  )
}

function Cut({ shown, of }: { shown: number; of: number }) {
  return (
    <p className="border-t border-line px-3 py-1.5 text-sm text-ink-faint">
      {`The first ${formatBytes(shown)} of ${formatBytes(of)}.`}
    </p>
  )
}

/** Undefined for a text that is not JSON, or a bare word or number, which looks better as it is. */
function parsed(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
