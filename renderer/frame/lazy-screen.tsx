import { type ComponentType, lazy, useState } from 'react'

/** A screen whose code is loaded apart from the first one's. */
export type LazyScreen<Props extends object> = ComponentType<Props> & {
  /** Loads the code, if that was not done yet; afterwards the screen opens without waiting. */
  preload(): Promise<void>
}

/**
 * Makes one of what loads its component. It must stand inside a `Suspense`. `ahead` is called when the screen is opened, for what it needs
 * beside its code; it may be called more than once.
 */
export function lazyScreen<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  ahead?: (props: Props) => void,
): LazyScreen<Props> {
  let loaded: ComponentType<Props> | null = null
  let loading: Promise<ComponentType<Props>> | null = null
  const begin = (): Promise<ComponentType<Props>> => {
    loading ??= load().then(
      (component) => {
        loaded = component
        return component
      },
      (error: unknown) => {
        // The next who asks tries again: a host that was just replaced by a newer version has other files.
        loading = null
        throw error
      },
    )
    return loading
  }
  const Waiting = lazy(async () => ({ default: await begin() }))

  function Screen(props: Props) {
    // Decided once: another component in its place would be mounted anew. React waits for a lazy one even when it is there.
    const [Shown] = useState<ComponentType<Props>>(() => {
      ahead?.(props)
      return loaded ?? Waiting
    })
    return <Shown {...props} />
  }
  return Object.assign(Screen, {
    async preload() {
      await begin()
    },
  })
}

/** Loads screens one after another while the browser has nothing else to do. What fails is tried again when it is opened. */
export function preloadWhenIdle(screens: readonly { preload(): Promise<void> }[]): void {
  const [first, ...rest] = screens
  if (first === undefined) return
  requestIdleCallback(() => {
    const next = (): void => preloadWhenIdle(rest)
    void first.preload().then(next, next)
  })
}
