// What Electron's side of a page does for its preload script; the thread of the browser puts it before the preload. It runs in the page.
window.__standInRequire = (() => {
  let lastPort = 0
  const ports = new Map()
  const listeners = new Map()
  const toText = (data) => {
    if (!ArrayBuffer.isView(data) && !(data instanceof ArrayBuffer)) return JSON.stringify({ value: data })
    const bytes = new Uint8Array(data.buffer ?? data)
    return JSON.stringify({ bytes: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')) })
  }
  const fromText = (text) => {
    const { value, bytes } = JSON.parse(text)
    return bytes === undefined ? value : Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0))
  }
  window.__standInPortMessage = (id, text) => ports.get(id)?.postMessage(fromText(text))
  window.__standInMessage = (channel, args) => {
    for (const listener of listeners.get(channel) ?? []) listener({}, ...args)
  }
  const ipcRenderer = {
    postMessage(channel, message, handedOver = []) {
      const ids = handedOver.map((port) => {
        const id = ++lastPort
        ports.set(id, port)
        port.onmessage = ({ data }) => window.__standInFromPort(id, toText(data))
        return id
      })
      window.__standInPost(channel, JSON.stringify(message ?? null), ids)
    },
    on(channel, listener) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
    },
  }
  const contextBridge = {
    exposeInMainWorld: (name, value) => {
      window[name] = value
    },
  }
  return (name) => {
    if (name !== 'electron') throw new Error(`A sandboxed preload may not require ${name}.`)
    return { contextBridge, ipcRenderer }
  }
})()
