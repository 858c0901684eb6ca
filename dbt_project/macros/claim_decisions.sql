{#- CTEs that decide, for each identifier that a CRM record had, whether it links the record to the other records that had it.

    Input: CTE `claims_to_decide`, one row per night, record, identifier type and identifier, with link_id, recorded_at,
    claimed_from, claimed_to, known_on, name, birth_date and is_undone.
    Output: CTE `decided_claims`, the same rows with owner_number (1 for the first owner of an identifier, 2 for the next owner
    after it was passed on), owner_from, owner_to, sharing_count, decision and linked_customer_id. -#}
{% macro decide_claims() -%}
merges as (
    select
        *,
        max(case when claimed_to is null then 1 else 0 end) over (partition by night, customer_id) as is_still_merged
    from claims_to_decide
    where identifier_type = 'customer_id' and identifier != customer_id
),

{#- After the CRM undid a merge, identifiers that both records share do not link them again. -#}
unmerged as (
    select distinct own.night, own.link_id
    from merges
    inner join claims_to_decide as own on merges.night = own.night and merges.customer_id = own.customer_id
    inner join claims_to_decide as target
        on
            merges.night = target.night
            and merges.identifier = target.customer_id
            and own.identifier_type = target.identifier_type
            and own.identifier = target.identifier
    where merges.is_still_merged = 0 and own.identifier != own.customer_id
),

{#- Leaves out identifiers of a single record, which are most of them, so that the windows below read few rows. -#}
shared_identifiers as (
    select
        night,
        identifier_type,
        identifier
    from claims_to_decide
    group by night, identifier_type, identifier
    having count(*) > 1
),

ordered as (
    select
        claims.*,
        caps.maximum_records,
        caps.must_agree_on_birth_date,
        unmerged.link_id is not null
        or (claims.identifier_type = 'customer_id' and claims.claimed_to is not null) as is_unmerged,
        claims.is_undone
        or unmerged.link_id is not null
        or (claims.identifier_type = 'customer_id' and claims.claimed_to is not null) as is_cut,
        {{ is_new_owner() }} as is_new_owner
    from (
        select
            claims.*,
            max(coalesce(claims.claimed_to, timestamp '9999-12-31 00:00:00')) over (
                partition by claims.night, claims.identifier_type, claims.identifier
                order by claims.claimed_from, claims.recorded_at, claims.customer_id
                rows between unbounded preceding and 1 preceding
            ) as previously_claimed_to,
            lag(claims.name) over (
                partition by claims.night, claims.identifier_type, claims.identifier
                order by claims.claimed_from, claims.recorded_at, claims.customer_id
            ) as previous_name,
            lag(claims.birth_date) over (
                partition by claims.night, claims.identifier_type, claims.identifier
                order by claims.claimed_from, claims.recorded_at, claims.customer_id
            ) as previous_birth_date
        from claims_to_decide as claims
        inner join shared_identifiers as shared
            on
                claims.night = shared.night
                and claims.identifier_type = shared.identifier_type
                and claims.identifier = shared.identifier
    ) as claims
    left join {{ ref('identity_caps') }} as caps on claims.identifier_type = caps.identifier_type
    left join unmerged on claims.night = unmerged.night and claims.link_id = unmerged.link_id
),

numbered_owners as (
    select
        *,
        1 + sum(is_new_owner) over (
            partition by night, identifier_type, identifier
            order by claimed_from, recorded_at, customer_id
            rows between unbounded preceding and current row
        ) as owner_number,
        1 + sum(is_new_owner) over (partition by night, identifier_type, identifier) as owner_count
    from ordered
),

{#- Records that had the identifier under the same owner share it. -#}
shared_claims as (
    select
        *,
        sum(case when is_cut then 0 else 1 end) over (
            partition by night, identifier_type, identifier, owner_number
        ) as sharing_count,
        min(claimed_from) over (partition by night, identifier_type, identifier, owner_number) as owner_from,
        min(claimed_from) over (
            partition by night, identifier_type, identifier
            order by owner_number
            range between 1 following and 1 following
        ) as owner_to,
        min(case when not is_cut then birth_date end) over (
            partition by night, identifier_type, identifier, owner_number
        ) as first_birth_date,
        max(case when not is_cut then birth_date end) over (
            partition by night, identifier_type, identifier, owner_number
        ) as last_birth_date,
        first_value(customer_id) over (
            partition by night, identifier_type, identifier, owner_number
            order by is_cut asc, recorded_at asc nulls last, customer_id asc
        ) as oldest_customer_id,
        nth_value(customer_id, 2) over (
            partition by night, identifier_type, identifier, owner_number
            order by is_cut asc, recorded_at asc nulls last, customer_id asc
            rows between unbounded preceding and unbounded following
        ) as second_customer_id
    from numbered_owners
),

decided_claims as (
    select
        night,
        link_id,
        customer_id,
        identifier_type,
        identifier,
        known_on,
        claimed_from,
        claimed_to,
        cast(owner_number as bigint) as owner_number,
        case when owner_number > 1 then owner_from end as owner_from,
        owner_to,
        cast(sharing_count as bigint) as sharing_count,
        case
            when is_undone then 'undone'
            when is_unmerged then 'unmerged'
            when sharing_count > maximum_records then 'too_many'
            when must_agree_on_birth_date and first_birth_date != last_birth_date then 'contested'
            when sharing_count > 1 then 'joined'
            when owner_count > 1 then 'passed_on'
            else 'alone'
        end as decision,
        case when oldest_customer_id != customer_id then oldest_customer_id else second_customer_id end as linked_customer_id
    from shared_claims
    union all
    select
        claims.night,
        claims.link_id,
        claims.customer_id,
        claims.identifier_type,
        claims.identifier,
        claims.known_on,
        claims.claimed_from,
        claims.claimed_to,
        cast(1 as bigint) as owner_number,
        cast(null as timestamp) as owner_from,
        cast(null as timestamp) as owner_to,
        cast(case when claims.is_undone then 0 else 1 end as bigint) as sharing_count,
        case when claims.is_undone then 'undone' else 'alone' end as decision,
        cast(null as string) as linked_customer_id
    from claims_to_decide as claims
    left join shared_identifiers as shared
        on
            claims.night = shared.night
            and claims.identifier_type = shared.identifier_type
            and claims.identifier = shared.identifier
    where shared.identifier is null
)
{%- endmacro %}


{#- SQL expression, 1 or 0: the identifier may be passed on, all earlier records had lost it before this record got it, and this
    record differs from the one before: by birth date where both are known, else by name. -#}
{% macro is_new_owner() -%}
    case
        when not coalesce(caps.may_be_passed_on, false) or claims.previously_claimed_to is null then 0
        when claims.previously_claimed_to > claims.claimed_from then 0
        when claims.birth_date != claims.previous_birth_date then 1
        when claims.birth_date = claims.previous_birth_date then 0
        when claims.name != claims.previous_name then 1
        else 0
    end
{%- endmacro %}
