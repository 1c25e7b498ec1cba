/* Preloaded into a process: notes in the file SOCKET_GUARD every host that is looked up and every address beyond this
   machine that is spoken to. Multicast stays on this machine's loopback in the tests and is not noted. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static void note(const char *what, const char *whom) {
    FILE *file = fopen(getenv("SOCKET_GUARD"), "a");
    if (file) {
        fprintf(file, "%s %s\n", what, whom);
        fclose(file);
    }
}

static void look(const char *what, const struct sockaddr *address) {
    char name[INET6_ADDRSTRLEN] = "";
    if (!address) return;
    if (address->sa_family == AF_INET) {
        const struct in_addr *v4 = &((const struct sockaddr_in *)address)->sin_addr;
        unsigned first = ntohl(v4->s_addr) >> 24;
        if (first == 127 || first == 0 || (first >= 224 && first < 240)) return;
        inet_ntop(AF_INET, v4, name, sizeof name);
        note(what, name);
    } else if (address->sa_family == AF_INET6) {
        const struct in6_addr *v6 = &((const struct sockaddr_in6 *)address)->sin6_addr;
        if (IN6_IS_ADDR_LOOPBACK(v6) || IN6_IS_ADDR_MULTICAST(v6) || IN6_IS_ADDR_UNSPECIFIED(v6)) return;
        inet_ntop(AF_INET6, v6, name, sizeof name);
        note(what, name);
    }
}

int connect(int fd, const struct sockaddr *address, socklen_t length) {
    static int (*real)(int, const struct sockaddr *, socklen_t);
    if (!real) real = dlsym(RTLD_NEXT, "connect");
    look("connect", address);
    return real(fd, address, length);
}

ssize_t sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *to, socklen_t length) {
    static ssize_t (*real)(int, const void *, size_t, int, const struct sockaddr *, socklen_t);
    if (!real) real = dlsym(RTLD_NEXT, "sendto");
    look("sendto", to);
    return real(fd, data, size, flags, to, length);
}

int getaddrinfo(const char *host, const char *port, const struct addrinfo *hints, struct addrinfo **found) {
    static int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    struct in6_addr any;
    if (!real) real = dlsym(RTLD_NEXT, "getaddrinfo");
    if (host && !inet_pton(AF_INET, host, &any) && !inet_pton(AF_INET6, host, &any)) note("getaddrinfo", host);
    return real(host, port, hints, found);
}
