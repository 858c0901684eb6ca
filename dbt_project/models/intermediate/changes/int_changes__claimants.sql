{#- Whose links may be others tonight, with all records that they were one person with before. -#}
{%- set undone_links = ref('identity_undone_links') -%}
with accounts as (
    select * from {{ ref('int_changes__accounts') }}
),

spells as (
    select * from {{ ref('int_identity__spells') }}
),

changed as (
    select
        spells.identifier_type,
        spells.identifier
    from spells
    inner join accounts on spells.customer_id = accounts.customer_id
    {%- if is_incremental_run() %}
    union
    select
        identifier_type,
        identifier
    from {{ previous_rows('intermediate', 'int_identity__claims') }}
    where
        customer_id in (select customer_id from accounts)
        or link_id in (
            select link_id from {{ undone_links }}
            where undone_on > {{ previous_as_of_date() }} and undone_on <= {{ as_of_date() }}
        )
    {%- endif %}
),

claimants as (
    select customer_id from accounts
    union
    select spells.customer_id
    from spells
    inner join changed on spells.identifier_type = changed.identifier_type and spells.identifier = changed.identifier
),

final as (
    select customer_id from claimants
    {%- if is_incremental_run() %}
    union
    select theirs.customer_id
    from {{ previous_rows('intermediate', 'int_identity__customer_keys') }} as mine
    inner join {{ previous_rows('intermediate', 'int_identity__customer_keys') }} as theirs on mine.customer_key = theirs.customer_key
    where mine.customer_id in (select customer_id from claimants)
    {%- endif %}
)

select * from final
