import type { MessagePort } from 'node:worker_threads'

/** What main asks of the thread that has Chromium. Windows and requests go by number. */
export type ToBrowser =
  | {
      readonly kind: 'open'
      readonly window: number
      readonly url: string
      readonly preload: string
      readonly width: number
      readonly height: number
      /** Whether the page may write to the clipboard, as the app's own handlers say. */
      readonly mayCopy: boolean
      readonly isDark: boolean
    }
  | {
      readonly kind: 'answer'
      readonly request: number
      readonly status: number
      readonly headers: Record<string, string>
      readonly body: Uint8Array
    }
  | { readonly kind: 'send'; readonly window: number; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly kind: 'reload' | 'close'; readonly window: number }
  | { readonly kind: 'end' }

/** What that thread tells main. */
export type FromBrowser =
  | { readonly kind: 'loaded' | 'closed'; readonly window: number }
  | { readonly kind: 'failed' | 'pageerror'; readonly window: number; readonly error: string }
  | { readonly kind: 'request'; readonly request: number; readonly url: string; readonly method: string }
  | {
      readonly kind: 'ipc'
      readonly window: number
      readonly channel: string
      readonly message: unknown
      readonly ports: MessagePort[]
    }
  | { readonly kind: 'ended' }
