import { parentPort, workerData } from 'node:worker_threads';
import { type SearchRequest, searchFiles } from './search.js';

parentPort?.postMessage(searchFiles(workerData as SearchRequest));
