import type { ReactNode } from 'react'
import { classNames } from '../look/class-names.ts'
import { useDocumentTitle } from './use-document-title.ts'

const NARROW = 'mx-auto max-w-[760px]'

/** A screen: its title and actions in a line that stays, and what scrolls below. */
export function Page({
  title,
  subtitle,
  actions,
  toolbar,
  scrolls = true,
  isNarrow = false,
  children,
}: {
  title: string
  subtitle?: ReactNode
  /** At the end of the title's line, the main one last. */
  actions?: ReactNode
  /** Search and filters, under the title. */
  toolbar?: ReactNode
  /** False where the screen scrolls a part of itself, such as a virtual list. */
  scrolls?: boolean
  /** For what is read and filled in from top to bottom: a column in the middle, its title above it. */
  isNarrow?: boolean
  children: ReactNode
}) {
  useDocumentTitle(title)
  return (
    <main className="flex min-h-0 min-w-0 flex-1 flex-col">
      <header className="shrink-0 px-6 pt-5 pb-3">
        <div className={classNames('flex min-h-8 items-center gap-3', isNarrow && NARROW)}>
          <h1 className="text-xl font-semibold text-ink">{title}</h1>
          {subtitle !== undefined && <span className="min-w-0 truncate pt-1 text-base text-ink-faint">{subtitle}</span>}
          <div className="ml-auto flex items-center gap-2">{actions}</div>
        </div>
        {toolbar !== undefined && <div className="mt-3 flex items-center gap-2">{toolbar}</div>}
      </header>
      <div
        className={
          // What is placed absolutely in it scrolls with it, and never makes the window scroll.
          scrolls ? 'relative min-h-0 flex-1 overflow-y-auto px-6 pb-6' : 'flex min-h-0 flex-1 flex-col px-6 pb-4'
        }
      >
        {isNarrow ? <div className={NARROW}>{children}</div> : children}
      </div>
    </main>
  )
}
