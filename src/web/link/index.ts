export {
  fragmentOf,
  home,
  type Link,
  LINK_FORM,
  readFragment,
  type ReadLink,
  type ViewId,
  viewIds,
} from './link.ts';
export { fitsLink, packText, unpackText } from './pack.ts';
