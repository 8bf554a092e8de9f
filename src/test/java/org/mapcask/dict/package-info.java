/** Tests of reading WordNet, against its real data on the class path. */
package org.mapcask.dict;
