import { Component, type ReactNode } from 'react'
import { Button } from '../ui/controls/button.tsx'
import { ErrorNote } from '../ui/page/error-note.tsx'

/**
 * Keeps a fault of one screen from taking the rail and the status bar with it. A class, because React offers error
 * boundaries no other form.
 */
export class CrashGuard extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(thrown: unknown): { error: Error } {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) }
  }

  override componentDidMount(): void {
    window.addEventListener('hashchange', this.#recover)
  }

  override componentWillUnmount(): void {
    window.removeEventListener('hashchange', this.#recover)
  }

  #recover = (): void => {
    if (this.state.error !== null) this.setState({ error: null })
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === null) return this.props.children
    return (
      <main className="flex-1 p-6">
        <ErrorNote
          title="This screen ran into a fault of ours."
          where={error.message}
          remedy="Your zaps keep running. Open the screen again, or go to another one."
          details={error.stack ?? error.message}
          action={
            <Button size="sm" variant="ghost" onClick={this.#recover}>
              Open again
            </Button>
          }
        />
      </main>
    )
  }
}
