import { contextBridge, ipcRenderer } from 'electron'

// The one thing that a page gets from here: it may hand over the one port on which it talks to the core.
contextBridge.exposeInMainWorld('hooklineHost', 'desktop')
const handOver = (event: MessageEvent): void => {
  if (event.source !== window || event.data !== 'hookline:port') return
  window.removeEventListener('message', handOver)
  ipcRenderer.postMessage('hookline:port', null, [...event.ports])
}
window.addEventListener('message', handOver)
