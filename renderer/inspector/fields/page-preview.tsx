import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Eye, Moon, MousePointer2, Sun, X } from 'lucide-react'
import { useDeferredValue, useEffect, useRef, useState } from 'react'
import type { JsonObject } from '../../../core/domain/values/json.ts'
import { queries } from '../../queries/queries.ts'
import { useWidth } from '../../stores/inspector-width.ts'
import { showPagePreview } from '../../stores/page-preview.ts'
import { IconButton } from '../../ui/controls/button.tsx'

/** How much smaller the page is shown than it is. */
const SCALE = 0.6

/**
 * The page of a form as people see it, beside its fields: the real one, in a frame in which nothing runs. A click on a field there opens it here; the
 * field that is open here is outlined there.
 */
export function PagePreview({
  input,
  asks,
  openAt,
  onOpen,
}: {
  input: JsonObject
  /** Whether it is the page of a question. */
  asks: boolean
  openAt: number | null
  onOpen(index: number): void
}) {
  const settled = useDeferredValue(input)
  const { data } = useQuery(
    queries.zaps.pagePreview.queryOptions({
      input: { input: settled, asks },
      placeholderData: keepPreviousData,
      gcTime: 5_000,
    }),
  )
  const width = useWidth('form')
  const [isDark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches)
  const frame = useRef<HTMLIFrameElement>(null)
  const [height, setHeight] = useState(400)
  const html = data?.html.replace(
    '<html lang="en">',
    `<html lang="en" style="color-scheme:${isDark ? 'dark' : 'light'}">`,
  )

  /** Shows which field is open, and hears of clicks: the page has no script of its own, so its window does it. */
  function arrange(): void {
    const page = frame.current?.contentDocument
    // Between one page and the next there is none.
    const body: HTMLElement | null = page?.body ?? null
    if (!page || body === null) return
    setHeight(Math.ceil(body.getBoundingClientRect().height))
    const fields = [...page.querySelectorAll<HTMLElement>('.grid > .field')]
    for (const [at, field] of fields.entries()) {
      field.style.outline = at === openAt ? '2px solid var(--accent)' : ''
      field.style.outlineOffset = '6px'
      field.style.borderRadius = '4px'
    }
    page.onclick = (event) => {
      event.preventDefault()
      // Of the frame's own window, in which a node is no `Node` of this one.
      const at = fields.findIndex((field) => field.contains(event.target as Node | null))
      if (at >= 0) onOpen(at)
    }
    page.onsubmit = (event) => event.preventDefault()
  }
  useEffect(arrange)

  return (
    <section
      aria-label="Preview of the page"
      className="fixed top-[124px] z-20 flex w-[312px] flex-col overflow-hidden rounded-lg border border-line bg-raised shadow-float max-[1100px]:hidden"
      style={{ right: width + 24 }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        showPagePreview(false)
      }}
    >
      <header className="flex items-center gap-2 border-b border-line px-3 py-2">
        <Eye size={14} aria-hidden className="text-ink-faint" />
        <h3 className="flex-1 font-medium">Preview</h3>
        <IconButton
          icon={isDark ? Sun : Moon}
          size="sm"
          label={isDark ? 'Show it light' : 'Show it dark'}
          onClick={() => setDark(!isDark)}
        />
        <IconButton icon={X} size="sm" label="Close the preview" onClick={() => showPagePreview(false)} />
      </header>
      <div className="max-h-[calc(100vh-300px)] overflow-x-hidden overflow-y-auto bg-sunken">
        <div style={{ height: height * SCALE }}>
          <iframe
            ref={frame}
            title="The page as people see it"
            sandbox="allow-same-origin"
            tabIndex={-1}
            srcDoc={html ?? ''}
            onLoad={arrange}
            style={{ width: 312 / SCALE, height, transform: `scale(${SCALE})`, transformOrigin: '0 0', border: 0 }}
          />
        </div>
      </div>
      <p className="flex items-center gap-1.5 border-t border-line px-3 py-2 text-sm text-ink-soft">
        <MousePointer2 size={13} aria-hidden /> Click a field to change it
      </p>
    </section>
  )
}
