"""Does a server lose or double a ballot in hours of a real selection's load, with kills all the time? `python -m bench.soak`.

The ten days of a selection pass in as many seconds as are given, by the server's clock as well, with the shares of a real
one: the first two hours have 14 times the mean, the last one 4.5 times, nights a twentieth; 3 % of the ballots are sent again
although they were answered. Meanwhile workers, the whole server, connections of PostgreSQL and PostgreSQL itself are killed.
Whoever is not answered asks again with the same key. In the end what was acknowledged is compared to what is stored.
"""
