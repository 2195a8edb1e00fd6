export { local, localWorld } from './world.ts';
