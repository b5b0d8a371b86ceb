/**
 * `npm run` puts a shell between itself and us. A SIGTERM to npm ends the shell, which does not tell us: we would go on as an orphan
 * that holds the data folder and its ports. So whoever was started by npm stops, as gracefully as by the signal, when its parent goes.
 */
export function stopWithParent() {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, 200)
  timer.unref()
}
