import { Tabs as RadixTabs } from 'radix-ui'
import type { ReactNode } from 'react'
import { classNames } from '../look/class-names.ts'
import { SEGMENT, SEGMENTS } from './segments.ts'

export type Tab<Value extends string = string> = {
  readonly value: Value
  readonly label: ReactNode
  readonly content: ReactNode
}

/** Panels of which one shows. The list stays in place; the panel scrolls by itself. */
export function Tabs<Value extends string>({
  value,
  onChange,
  tabs,
  label,
  look = 'line',
  aside,
  className,
}: {
  value: Value
  onChange: (value: Value) => void
  tabs: readonly Tab<Value>[]
  /** What the tabs are views of, for screen readers. */
  label: string
  /** `segments` for views of one thing, inside the panel of other tabs. */
  look?: 'line' | 'segments'
  /** At the end of the line of tabs. */
  aside?: ReactNode
  className?: string
}) {
  return (
    <RadixTabs.Root
      value={value}
      onValueChange={(chosen) => {
        const tab = tabs.find((one) => one.value === chosen)
        if (tab !== undefined) onChange(tab.value)
      }}
      className={classNames('flex min-h-0 flex-1 flex-col', className)}
    >
      <div className={classNames('flex shrink-0 items-center px-3', look === 'line' ? 'border-b border-line' : 'pt-3')}>
        <RadixTabs.List aria-label={label} className={look === 'line' ? 'flex gap-1' : SEGMENTS}>
          {tabs.map((tab) => (
            <RadixTabs.Trigger
              key={tab.value}
              value={tab.value}
              className={
                look === 'line'
                  ? '-mb-px flex h-9 items-center gap-1.5 border-b-2 border-transparent px-2 text-base font-medium text-ink-faint transition-colors hover:text-ink focus-visible:outline-offset-[-3px] data-[state=active]:border-accent data-[state=active]:text-ink'
                  : SEGMENT
              }
            >
              {tab.label}
            </RadixTabs.Trigger>
          ))}
        </RadixTabs.List>
        {aside !== undefined && <div className="ml-auto flex items-center gap-2">{aside}</div>}
      </div>
      {tabs.map((tab) => (
        <RadixTabs.Content
          key={tab.value}
          value={tab.value}
          className="relative min-h-0 flex-1 overflow-y-auto focus-visible:outline-offset-[-2px]"
        >
          {tab.content}
        </RadixTabs.Content>
      ))}
    </RadixTabs.Root>
  )
}
