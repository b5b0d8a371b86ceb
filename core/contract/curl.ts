// Read where it was pasted, on the command line and in the screens alike: no host is asked.
export { curlStep } from '../domain/curl/curl-step.ts'
