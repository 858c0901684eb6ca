with neighbourhoods as (
    select * from {{ ref('int_identity__neighbourhoods') }}
),

sizes as (
    select
        neighbourhood,
        count(distinct customer_id) as record_count
    from neighbourhoods
    group by neighbourhood
),

periods as (
    select
        neighbourhoods.neighbourhood,
        periods.customer_id,
        periods.known_on,
        periods.ended_on,
        {{ hash_key(['periods.customer_id', 'periods.identifier_type', 'periods.identifier']) }} as link_id
    from neighbourhoods
    inner join {{ ref('int_identity__validity_periods') }} as periods
        on
        neighbourhoods.customer_id = periods.customer_id
        and neighbourhoods.identifier_type = periods.identifier_type
        and neighbourhoods.identifier = periods.identifier
),

changes as (
    select
        neighbourhood,
        known_on as night
    from periods
    union
    select
        neighbourhood,
        ended_on as night
    from periods
    union
    select
        neighbourhoods.neighbourhood,
        profiles.known_on as night
    from neighbourhoods
    inner join {{ ref('int_identity__profiles') }} as profiles on neighbourhoods.customer_id = profiles.customer_id
    union
    select
        periods.neighbourhood,
        undone.undone_on as night
    from periods
    inner join {{ ref('identity_undone_links') }} as undone on periods.link_id = undone.link_id
),

final as (
    select distinct
        changes.neighbourhood,
        case
            when sizes.record_count <= {{ var('identity_nightly_records') }} then changes.night
            else least({{ add_months(month_of('changes.night'), 1) }}, {{ as_of_date() }})
        end as night
    from changes
    inner join sizes on changes.neighbourhood = sizes.neighbourhood
    where changes.night <= {{ as_of_date() }}
)

select * from final
