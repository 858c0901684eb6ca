{#- The share of one night is seldom a whole number. The places of a night are the rounded-down total since 2000 minus
    the total of the night before, so that over time each cell receives exactly its share. -#}
with quotas as (
    select * from {{ ref('survey_quotas') }}
),

touchpoints as (
    select * from {{ ref('survey_touchpoints') }}
),

settings as (
    select
        {{ threshold('surveys', 'invitations_per_night') }} as invitations,
        cast({{ days_between("date '2000-01-01'", as_of_date()) }} as double) as night_number
),

shares as (
    select
        quotas.segment as quota_segment,
        touchpoints.touchpoint,
        settings.night_number,
        {{ steady('settings.invitations * quotas.quota_share * touchpoints.quota_share') }} as nightly_places
    from quotas
    cross join touchpoints
    cross join settings
),

final as (
    select
        quota_segment,
        touchpoint,
        nightly_places,
        cast(
            floor({{ steady('nightly_places * night_number') }}) - floor({{ steady('nightly_places * (night_number - 1)') }}) as bigint
        ) as place_count
    from shares
)

select * from final
